namespace Serverless.Functions.Ending;

public sealed class PurgeExpiredSessionsTimer(PurgeExpiredSessions purge, ILogger<PurgeExpiredSessionsTimer> log)
{
    [Function(nameof(PurgeExpiredSessions))]
    public async Task RunAsync(
        [TimerTrigger("%PurgeExpiredSessionsSchedule%")] TimerInfo timer, CancellationToken cancellationToken)
    {
        var report = await purge.ExecuteAsync(cancellationToken);
        log.Purged(report.Expired, report.Ended, report.Refiled, report.Missing, report.Unreadable, report.Finished);
    }
}
