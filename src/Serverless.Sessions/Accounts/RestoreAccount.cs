namespace Serverless.Sessions.Accounts;

/// <summary>Restores a closing account whose user has proved who they are, by password or passkey.</summary>
public sealed class RestoreAccount(AccountFence fence, TimeProvider clock)
{
    /// <summary>Does nothing if the account has changed since. Ignores cancellation after the first write.</summary>
    internal Task ExecuteAsync(Account closing, ClientInfo client, CancellationToken cancellationToken)
    {
        var now = clock.Now();
        return fence.ChangeAsync(
            closing.Email.ToAccountKey(),
            (account, _) =>
                account.Id == closing.Id && account.PasswordHash == closing.PasswordHash && account.IsRestorableAt(now)
                ? new(
                    account with { State = AccountState.Active, EraseAt = null },
                    new(now, LogAction.AccountRestored, By: Actor.Of(client)),
                    new(Mail: AccountMails.Notice(MailKind.AccountRestored, account, now, client.Language)))
                : null,
            cancellationToken);
    }
}
