namespace Serverless.Sessions.Timeline;

/// <summary>Sends security events: a pending one is the intent.</summary>
public sealed class WebhookChannel(ISecurityEventStore store, IWebhook webhook) : IOutboxChannel
{
    public OutboxChannel Name => OutboxChannel.Webhook;
    public int MaximumAttempts => webhook.MaximumAttempts;
    public int? MaximumPerHour => null;

    // A run that died before it added the event left a message of another time, which must not send the event a second time.
    public async Task<IOutboxMessage?> FindAsync(OutboxDue due, CancellationToken cancellationToken) =>
        LogPosition.TryParse(due.Key, out var position)
        && await store.FindAsync(position, cancellationToken) is { Delivery: DeliveryState.Pending } found
        && found.ScheduledAt == due.CreatedAt
            ? new Message(store, webhook, found) : null;

    private sealed class Message(ISecurityEventStore store, IWebhook webhook, SecurityEvent sent) : IOutboxMessage
    {
        // It ends with its event, or with its attempts.
        public DateTimeOffset ExpiresAt => DateTimeOffset.MaxValue;

        public Task<SendAnswer> SendAsync(CancellationToken cancellationToken) => webhook.SendAsync(sent, cancellationToken);

        public Task EndAsync(SendAnswer? failure, CancellationToken cancellationToken) => store.EndDeliveryAsync(
            sent, failure is null ? DeliveryState.Delivered : DeliveryState.DeadLetter, cancellationToken);
    }
}
