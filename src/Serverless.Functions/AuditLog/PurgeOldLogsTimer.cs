namespace Serverless.Functions.AuditLog;

public sealed class PurgeOldLogsTimer(PurgeOldLogs purge, ILogger<PurgeOldLogsTimer> log)
{
    [Function(nameof(PurgeOldLogs))]
    public async Task RunAsync([TimerTrigger("%PurgeOldLogsSchedule%")] TimerInfo timer, CancellationToken cancellationToken)
    {
        var report = await purge.ExecuteAsync(cancellationToken);
        log.OldLogsPurged(
            report.Entries, report.Notices, report.Messages, report.Activities,
            report.Revocations, report.Days, report.Unreadable, report.Finished);
    }
}
