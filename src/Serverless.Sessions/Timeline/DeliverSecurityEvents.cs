using Microsoft.Extensions.Logging;

namespace Serverless.Sessions.Timeline;

/// <summary>
/// Sends events to the receiver. A delivery is taken on before it is sent, by writing down when it is tried again: so a run that
/// dies while it sends has it tried again later, and two that run beside each other send it once. After a crash between the
/// receiver's answer and its record it comes a second time, with the same id.
/// </summary>
public sealed class DeliverSecurityEvents(
    ISecurityEventStore store, TimeProvider clock, ILogger<DeliverSecurityEvents> log, IWebhook? webhook = null)
{
    // A receiver that is down is left alone until the next run; events that it can't take don't stop the others, however many.
    private const int MostOutages = 3;

    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    /// <summary>Sends what is due; without a receiver, nothing.</summary>
    /// <param name="longest">How long it may go on with the next one.</param>
    public async Task<DeliveryReport> ExecuteAsync(TimeSpan longest, CancellationToken cancellationToken)
    {
        var (report, outages) = (new DeliveryReport(0, 0, 0), 0);
        if (webhook is null)
            return report;
        var started = clock.GetTimestamp();
        await foreach (var due in store.ReadDueDeliveriesAsync(clock.GetUtcNow(), cancellationToken))
        {
            // A receiver that is down is asked again by the next run: this one has done what it could.
            if (outages >= MostOutages)
                return report;
            if (clock.GetElapsedTime(started) > longest)
                return report with { Finished = false };
            var now = clock.GetUtcNow();
            var next = due with { Attempts = due.Attempts + 1, DueAt = now + Backoff.After(due.Attempts + 1, Random.Shared.NextDouble()) };
            if (!await store.TryTakeOnAsync(due, next, cancellationToken))
                continue;
            var answer = await SendAsync(webhook, next, cancellationToken);
            outages += answer.Outcome == WebhookOutcome.Away ? 1 : 0;
            report += await RecordAsync(next, answer, isLast: next.Attempts >= webhook.MaximumAttempts, cancellationToken);
        }

        return report;
    }

    // One that was taken on for the last time may not have been sent then: the app ended, or the reply of storage was lost. It is sent
    // once more, and no more.
    private static Task<WebhookAnswer> SendAsync(IWebhook receiver, Delivery delivery, CancellationToken cancellationToken) =>
        delivery.Attempts > receiver.MaximumAttempts + 1
            ? Task.FromResult(new WebhookAnswer(WebhookOutcome.Refused, "it was tried as often as the setting allows"))
            : receiver.SendAsync(delivery.Event, cancellationToken);

    private async Task<DeliveryReport> RecordAsync(Delivery delivery, WebhookAnswer answer, bool isLast, CancellationToken cancellationToken)
    {
        if (answer.Outcome == WebhookOutcome.Taken)
        {
            await store.TryEndAsync(delivery, DeliveryState.Delivered, cancellationToken);
            return new(1, 0, 0);
        }

        if (answer.Outcome != WebhookOutcome.Refused && !isLast)
        {
            log.WebhookFailed($"{delivery.Event.Id:N}", delivery.Attempts, answer.Why);
            await PostponeAsync(delivery, answer.RetryAfter ?? TimeSpan.Zero, cancellationToken);
            return new(0, 1, 0);
        }

        log.WebhookGivenUp($"{delivery.Event.Id:N}", delivery.Attempts, answer.Why);
        await store.TryEndAsync(delivery, DeliveryState.DeadLetter, cancellationToken);
        return new(0, 0, 1);
    }

    // A run that dies before it has the event sent again at the time of the backoff, which is written down already.
    private async Task PostponeAsync(Delivery delivery, TimeSpan wait, CancellationToken cancellationToken)
    {
        var at = clock.GetUtcNow() + (wait < LongestWait ? wait : LongestWait);
        if (at > delivery.DueAt)
            await store.TryTakeOnAsync(delivery, delivery with { DueAt = at }, cancellationToken);
    }
}

/// <summary>What a run sent.</summary>
/// <param name="Delivered">Events that the receiver took.</param>
/// <param name="Failed">Events that are tried again later.</param>
/// <param name="DeadLetters">Events that are not.</param>
public sealed record DeliveryReport(int Delivered, int Failed, int DeadLetters)
{
    /// <summary>Whether all that was due was sent.</summary>
    public bool Finished { get; init; } = true;

    /// <summary>Two together.</summary>
    public static DeliveryReport operator +(DeliveryReport left, DeliveryReport right)
    {
        return new(left.Delivered + right.Delivered, left.Failed + right.Failed, left.DeadLetters + right.DeadLetters);
    }
}
