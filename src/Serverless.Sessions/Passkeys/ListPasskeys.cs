namespace Serverless.Sessions.Passkeys;

public sealed class ListPasskeys(IPasskeyStore passkeys)
{
    /// <summary>Oldest first.</summary>
    public async Task<IReadOnlyList<Passkey>> ExecuteAsync(UserId user, CancellationToken cancellationToken) =>
        (await passkeys.ReadAsync(user, cancellationToken)).Passkeys;
}
