namespace Serverless.Sessions.Passkeys;

public sealed class RenamePasskey(IPasskeyStore passkeys, TimeProvider clock)
{
    /// <summary>Returns null if the user has no such passkey. A name without anything visible changes nothing.</summary>
    public async Task<Passkey?> ExecuteAsync(UserId user, PasskeyId id, string name, CancellationToken cancellationToken)
    {
        for (var tries = new Retries(clock); ; await tries.NextAsync(cancellationToken))
        {
            if ((await passkeys.ReadAsync(user, cancellationToken)).Find(id) is not { } passkey)
                return null;
            var renamed = passkey with { Name = TextSanitizer.Strip(name, Passkey.MaximumNameLength) ?? passkey.Name };
            if (renamed == passkey || await passkeys.TryRenameAsync(user, renamed, cancellationToken))
                return renamed;
        }
    }
}
