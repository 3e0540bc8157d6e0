namespace Serverless.Sessions.Accounts;

/// <summary>Sets an account's password and ends its sessions, or all but one.</summary>
public sealed class SetPassword(
    AccountFence fence, PasswordHashing hashing, IOptions<PasswordOptions> passwords, TimeProvider clock)
{
    /// <summary>Returns false if the policy refuses the password, or the email has no account with the hash
    /// <paramref name="replaces"/>, null for any. A null client is the service. Not cancellable after the first write.</summary>
    public async Task<bool> ExecuteAsync(
        Email email, Password password, PasswordHash? replaces, SessionId? except, ClientInfo? client,
        CancellationToken cancellationToken)
    {
        if (passwords.Value.Refuse(password) is not null)
            return false;

        var hash = await hashing.HashAsync(password, cancellationToken);
        var change = new AccountChange(
            clock.Now(), LogAction.PasswordChanged, EndReason.PasswordChanged, except, client is null ? null : Actor.Of(client));
        return await fence.ChangeAsync(
            email.ToAccountKey(),
            (account, _) => replaces is null || account.PasswordHash == replaces
                ? new(account with { PasswordHash = hash }, change) : null,
            cancellationToken) is not null;
    }
}
