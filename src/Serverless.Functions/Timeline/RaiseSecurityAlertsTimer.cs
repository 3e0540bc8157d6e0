namespace Serverless.Functions.Timeline;

public sealed class RaiseSecurityAlertsTimer(RaiseSecurityAlerts raise, ILogger<RaiseSecurityAlertsTimer> log)
{
    [Function(nameof(RaiseSecurityAlerts))]
    public async Task RunAsync(
        [TimerTrigger("%RaiseSecurityAlertsSchedule%")] TimerInfo timer, CancellationToken cancellationToken)
    {
        var report = await raise.ExecuteAsync(cancellationToken);
        log.AlertsRaised(report.Changes, report.Raised, report.Removed, report.Unreadable, report.Finished);
    }
}
