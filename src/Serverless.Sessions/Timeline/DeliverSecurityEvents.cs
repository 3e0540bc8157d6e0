namespace Serverless.Sessions.Timeline;

/// <summary>Sends events to the webhook. A run claims a delivery by writing its next attempt before it sends, so concurrent runs
/// send once; a crash after the receiver's answer sends the event again, under the same id.</summary>
public sealed class DeliverSecurityEvents(
    ISecurityEventStore store, TimeProvider clock, ILogger<DeliverSecurityEvents> log, IWebhook? webhook = null)
{
    // Stop the run if the receiver is down; events that it rejects don't count, however many.
    private const int MostOutages = 3;

    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    /// <summary>Does nothing without a webhook; <paramref name="longest"/> limits when the next delivery may start.</summary>
    public async Task<DeliveryReport> ExecuteAsync(TimeSpan longest, CancellationToken cancellationToken)
    {
        var (report, outages) = (new DeliveryReport(0, 0, 0), 0);
        if (webhook is null)
            return report;
        var started = clock.GetTimestamp();
        await foreach (var due in store.ReadDueDeliveriesAsync(clock.GetUtcNow(), cancellationToken))
        {
            // The receiver is down: the next run tries again.
            if (outages >= MostOutages)
                return report;
            if (clock.GetElapsedTime(started) > longest)
                return report with { Finished = false };
            var wait = WaitAfter(due.Attempts + 1, Random.Shared.NextDouble());
            var next = due with { Attempts = due.Attempts + 1, DueAt = clock.GetUtcNow() + wait };
            if (!await store.TryClaimAsync(due, next, cancellationToken))
                continue;
            // The last claim may not have sent the event, if the app died or storage's reply was lost: one extra attempt.
            var answer = next.Attempts > webhook.MaximumAttempts + 1
                ? new WebhookAnswer(WebhookOutcome.Refused, "all attempts are used up")
                : await webhook.SendAsync(next.Event, cancellationToken);
            outages += answer.Outcome == WebhookOutcome.Away ? 1 : 0;
            report = await RecordAsync(report, next, answer, isLast: next.Attempts >= webhook.MaximumAttempts, cancellationToken);
        }

        return report;
    }

    /// <summary>1, 3, 9 ... minutes up to a day, with 20 percent jitter (<paramref name="chance"/>, 0 to 1) so that deliveries
    /// that failed together don't retry together.</summary>
    internal static TimeSpan WaitAfter(int attempt, double chance) =>
        TimeSpan.FromMinutes(Math.Min(Math.Pow(3, attempt - 1), LongestWait.TotalMinutes) * (0.8 + (0.4 * chance)));

    private async Task<DeliveryReport> RecordAsync(
        DeliveryReport report, Delivery delivery, WebhookAnswer answer, bool isLast, CancellationToken cancellationToken)
    {
        if (answer.Outcome == WebhookOutcome.Taken)
        {
            await store.TryEndAsync(delivery, DeliveryState.Delivered, cancellationToken);
            return report with { Delivered = report.Delivered + 1 };
        }

        if (answer.Outcome != WebhookOutcome.Refused && !isLast)
        {
            log.WebhookFailed($"{delivery.Event.Id:N}", delivery.Attempts, answer.Why);
            var wait = answer.RetryAfter ?? TimeSpan.Zero;
            var at = clock.GetUtcNow() + (wait < LongestWait ? wait : LongestWait);
            // If the run dies before this, the backoff that is already stored applies.
            if (at > delivery.DueAt)
                await store.TryClaimAsync(delivery, delivery with { DueAt = at }, cancellationToken);
            return report with { Failed = report.Failed + 1 };
        }

        log.WebhookGivenUp($"{delivery.Event.Id:N}", delivery.Attempts, answer.Why);
        await store.TryEndAsync(delivery, DeliveryState.DeadLetter, cancellationToken);
        return report with { DeadLetters = report.DeadLetters + 1 };
    }
}

/// <summary>Not <c>Finished</c> if the time limit left deliveries; a receiver that is down doesn't count.</summary>
public sealed record DeliveryReport(int Delivered, int Failed, int DeadLetters, bool Finished = true);
