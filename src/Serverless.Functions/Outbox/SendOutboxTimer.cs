namespace Serverless.Functions.Outbox;

public sealed class SendOutboxTimer(SendOutbox send, ILogger<SendOutboxTimer> log)
{
    [Function(nameof(SendOutbox))]
    public async Task RunAsync([TimerTrigger("%SendOutboxSchedule%")] TimerInfo timer, CancellationToken cancellationToken)
    {
        var report = await send.ExecuteAsync(cancellationToken);
        log.OutboxSent(report.Sent, report.Failed, report.GivenUp, report.Postponed, report.Unreadable, report.Finished);
    }
}
