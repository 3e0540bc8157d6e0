namespace Serverless.Functions.Timeline;

public sealed class RollUpStatisticsTimer(RollUpStatistics rollUp, ILogger<RollUpStatisticsTimer> log)
{
    [Function(nameof(RollUpStatistics))]
    public async Task RunAsync([TimerTrigger("%RollUpStatisticsSchedule%")] TimerInfo timer, CancellationToken cancellationToken)
    {
        var report = await rollUp.ExecuteAsync(cancellationToken);
        log.RolledUp(report.Hours, report.Activities, report.Unreadable, report.Finished);
    }
}
