namespace Serverless.Functions.Timeline;

/// <summary>Rolls up activity into statistics. The schedule is an app setting.</summary>
public sealed class RollUpStatisticsTimer(RollUpStatistics rollUp, ILogger<RollUpStatisticsTimer> log)
{
    [Function(nameof(RollUpStatistics))]
    public async Task RunAsync(
        [TimerTrigger("%RollUpStatisticsSchedule%")] TimerInfo timer, CancellationToken cancellationToken)
    {
        var report = await rollUp.ExecuteAsync(cancellationToken);
        log.RolledUp(report.Hours, report.Activities, report.Unreadable, report.Finished);
    }
}
