namespace Serverless.Sessions.Push;

/// <summary>Tells users by mail what they chose to be told of. Without a mail server nothing is read or written.</summary>
public sealed class AlertMails(
    IAccountStore accounts, AccountOutbox outbox, TimeProvider clock, ILogger<AlertMails> log, IEmailSender? sender = null)
{
    /// <summary>The mail of an alert, for an account that has chosen it; null if there is none to send.</summary>
    internal MailIntent? Of(AlertKind? alert, AlertTopics topics, Account account, ClientInfo client) =>
        sender is not null && alert?.Among(topics & account.Notifications.Mailed)?.Mail is { } kind
            ? AccountMails.Notice(kind, account, clock.Now(), client.Language) : null;

    /// <summary>Sends it after what happened is stored, in another partition, also if the caller hangs up. A failure undoes
    /// nothing.</summary>
    internal async Task SendAsync(AlertKind alert, Session session, ClientInfo client)
    {
        if (sender is null)
            return;
        try
        {
            await Detached.RunAsync(clock, token => WriteAsync(alert, session, client, token));
        }
        catch (StorageUnavailableException exception)
        {
            log.AlertMailLost(exception.Message);
        }
    }

    private async Task WriteAsync(AlertKind alert, Session session, ClientInfo client, CancellationToken cancellationToken)
    {
        var (key, stored) = await accounts.ReadOfAsync(session, cancellationToken);
        if (stored.Account is { State: AccountState.Active } account && account.Id == session.UserId
            && Of(alert, alert.Topics, account, client) is { } mail)
        {
            await outbox.WriteAsync(key, _ => new(Mail: mail), cancellationToken);
        }
    }
}
