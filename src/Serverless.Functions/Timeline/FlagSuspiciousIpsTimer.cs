namespace Serverless.Functions.Timeline;

public sealed class FlagSuspiciousIpsTimer(FlagSuspiciousIps flag, ILogger<FlagSuspiciousIpsTimer> log)
{
    [Function(nameof(FlagSuspiciousIps))]
    public async Task RunAsync([TimerTrigger("%FlagSuspiciousIpsSchedule%")] TimerInfo timer, CancellationToken cancellationToken)
    {
        var report = await flag.ExecuteAsync(cancellationToken);
        log.Flagged(report.Attempts, report.Flagged, report.Removed, report.Unreadable, report.Finished);
    }
}
