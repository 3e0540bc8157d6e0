namespace Serverless.Sessions.Locations;

/// <summary>Records a login whose proof was right and whose location isn't accepted, and tells the user: somebody may know the password.
/// Once a day for an account, since whoever knows it may go on trying; each try is in the log.
/// It can't be cancelled by a caller that hangs up.</summary>
public sealed class ReportRefusedLogin(
    IAccountStore accounts, ILogStore log, ITimeline timeline, AccountOutbox outbox,
    PushAlerts pushAlerts, AlertMails alertMails, TimeProvider clock)
{
    /// <param name="found">The attempt, with what its location says.</param>
    /// <param name="error">Why it is refused.</param>
    /// <param name="isEvent">Whether administrators are told, too.</param>
    internal async Task ExecuteAsync(LoginAttempt found, string error, bool isEvent)
    {
        var activity = (isEvent ? found : found with { Findings = null }).ToActivity(ActivityKind.FailedLogin);
        var entry = new LogEntry(LogAction.Login, found.At, Client: found.Client, Success: false, Error: error);
        // Activity first, as for any failed login.
        await Detached.RunAsync(clock, token => timeline.RecordAsync(activity, token));
        await Detached.RunAsync(clock, token => found.Account is { } account && found.Stored.Throttle.MayTellRefusal(found.At)
            ? TellAsync(account, found, entry, token) : log.AppendAsync(found.Owner, entry, token));
    }

    // That it was told comes last: after a crash the next attempt tells it again.
    private async Task TellAsync(Account account, LoginAttempt found, LogEntry entry, CancellationToken cancellationToken)
    {
        var alert = Alert.Of(AlertKind.LoginRefused, account.Id, entry) with { Topics = found.Topics };
        await pushAlerts.ScheduleAsync(alert, cancellationToken);
        var notice = new Notice(NoticeKind.LoginRefused, found.At, SessionId: null, found.Client);
        for (var tries = new Retries(clock); !await log.TryAppendAsync(account.Id, entry, notice, cancellationToken);)
            await tries.NextAsync(cancellationToken);
        pushAlerts.Post(alert);
        var along = new AccountWrites(
            Mail: alertMails.Of(alert.Kind, alert.Topics, account, found.Client),
            Throttle: found.Stored.Throttle with { RefusalToldAt = found.At });
        await outbox.ScheduleAsync(found.Key, along, cancellationToken);
        if (await accounts.TryWriteAsync(found.Key, along, cancellationToken))
            outbox.Post(found.Key, along);
    }
}
