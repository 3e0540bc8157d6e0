namespace Serverless.Sessions.Push;

/// <summary>Promises push messages. The order of writes: the due row, what happened, the post. Without a sender nothing is
/// written.</summary>
public sealed class PushAlerts(IOutboxStore outbox, OutboxQueue queue, IPushSender? sender = null)
{
    /// <summary>Call it before the write of what happened.</summary>
    internal Task ScheduleAsync(Alert? alert, CancellationToken cancellationToken) =>
        alert is null || sender is null ? Task.CompletedTask : outbox.ScheduleAsync(DueOf(alert), cancellationToken);

    /// <summary>Call it after that write.</summary>
    internal void Post(Alert? alert)
    {
        if (alert is not null && sender is not null)
            queue.Post(DueOf(alert));
    }

    private static OutboxDue DueOf(Alert alert) => OutboxDue.New(alert.Id, OutboxChannel.Push, $"{alert}", alert.At);
}
