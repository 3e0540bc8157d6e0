namespace Serverless.Sessions.Passkeys;

/// <summary>Tells users of their passkeys by mail. The notice is stored with what happened; the mail, which is in another partition,
/// follows, also if the caller hangs up, and a failure to promise it undoes nothing.
/// Without a mail server nothing is read or written.</summary>
public sealed class PasskeyMails(AccountOutbox outbox, TimeProvider clock, ILogger<PasskeyMails> log, IEmailSender? sender = null)
{
    internal async Task SendAsync(MailKind kind, AccountKey account, ClientInfo client)
    {
        if (sender is null)
            return;
        try
        {
            await Detached.RunAsync(clock, token => outbox.WriteAsync(
                account,
                stored => stored.Account is { State: AccountState.Active } owner
                    ? new(Mail: AccountMails.Notice(kind, owner, clock.Now(), client.Language)) : new(),
                token));
        }
        catch (StorageUnavailableException exception)
        {
            log.PasskeyMailLost(exception.Message);
        }
    }
}
