namespace Serverless.Sessions.Passkeys;

/// <summary>Tells users of their passkeys by mail. The notice is stored with what happened; the mail, which is in another partition, follows,
/// and a failure to promise it undoes nothing.</summary>
public sealed class PasskeyMails(AccountOutbox outbox, TimeProvider clock, ILogger<PasskeyMails> log)
{
    internal async Task SendAsync(MailKind kind, AccountKey account, ClientInfo client, CancellationToken cancellationToken)
    {
        try
        {
            await outbox.WriteAsync(
                account,
                stored => stored.Account is { State: AccountState.Active } owner
                    ? new(Mail: AccountMails.Notice(kind, owner, clock.Now(), client.Language)) : new(),
                cancellationToken);
        }
        catch (StorageUnavailableException exception)
        {
            log.PasskeyMailLost(exception.Message);
        }
    }
}
