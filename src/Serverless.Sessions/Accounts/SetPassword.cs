namespace Serverless.Sessions.Accounts;

/// <summary>Sets an account's password, which <see cref="PasswordRules"/> accepted, and ends its sessions, or all but one.</summary>
public sealed class SetPassword(AccountFence fence, PasswordHashing hashing, TimeProvider clock)
{
    /// <summary>Returns false if the email has no account, or it was changed since it was <paramref name="read"/>. Null is for the
    /// operator, whatever the account is: its passkeys, which may be anybody's, are removed. Who changes their own is told by mail. A null
    /// client is the service. Not cancellable after the first write.</summary>
    public async Task<bool> ExecuteAsync(
        Email email, Password password, Account? read, SessionId? except, ClientInfo? client,
        CancellationToken cancellationToken)
    {
        var hash = await hashing.HashAsync(password, cancellationToken);
        var change = new AccountChange(
            clock.Now(), LogAction.PasswordChanged, EndReason.PasswordChanged, except, client is null ? null : Actor.Of(client))
        {
            PasskeysSince = read is null ? AccountChange.EverySince : null,
        };
        return await fence.ChangeAsync(
            email.ToAccountKey(),
            (account, _) => read is null || (account.Id == read.Id && account.Epoch == read.Epoch)
                ? new(
                    account.WithPassword(hash), change,
                    read is null ? null : new(Mail: AccountMails.Notice(MailKind.PasswordChanged, account, change.At, client?.Language)))
                : null,
            cancellationToken) is not null;
    }
}
