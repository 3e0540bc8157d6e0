namespace Serverless.Sessions.Accounts;

/// <summary>Sets an account's password, which <see cref="PasswordRules"/> accepted, and ends its sessions, or all but one.</summary>
public sealed class SetPassword(AccountFence fence, PasswordHashing hashing, TimeProvider clock)
{
    /// <summary>Returns false if the email has no account, or not the password of <paramref name="read"/>, null for any. A null
    /// client is the service. Not cancellable after the first write.</summary>
    public async Task<bool> ExecuteAsync(
        Email email, Password password, Account? read, SessionId? except, ClientInfo? client,
        CancellationToken cancellationToken)
    {
        var hash = await hashing.HashAsync(password, cancellationToken);
        var change = new AccountChange(
            clock.Now(), LogAction.PasswordChanged, EndReason.PasswordChanged, except, client is null ? null : Actor.Of(client));
        return await fence.ChangeAsync(
            email.ToAccountKey(),
            (account, _) => read is null || account.PasswordHash == read.PasswordHash
                ? new(account.WithPassword(hash), change) : null,
            cancellationToken) is not null;
    }
}
