namespace Serverless.Sessions.Outbox;

/// <summary>Stores when messages are due, not what they say. Every method throws <see cref="StorageUnavailableException"/> on an
/// outage.</summary>
public interface IOutboxStore
{
    /// <summary>Idempotent. It comes before the write of the intent, so a crash leaves a due row without an intent, never an intent
    /// that nothing sends.</summary>
    Task ScheduleAsync(OutboxDue due, CancellationToken cancellationToken);

    /// <summary>Oldest hour first, and within an hour the longest due first.</summary>
    IAsyncEnumerable<OutboxDue> ReadDueAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Replaces a message with its next attempt, which may differ in <c>DueAt</c> and <c>Attempts</c>. Only the claimant may
    /// send it.</summary>
    /// <param name="due">What was read or scheduled.</param>
    /// <param name="next">What is due if the claimant dies.</param>
    /// <param name="maximumPerHour">Counts this claim for the hour of <c>CreatedAt</c>, and refuses it past the limit; null counts
    /// nothing.</param>
    Task<OutboxClaim> TryClaimAsync(OutboxDue due, OutboxDue next, int? maximumPerHour, CancellationToken cancellationToken);

    /// <summary>Ignores what is already gone.</summary>
    Task RemoveAsync(OutboxDue due, CancellationToken cancellationToken);

    /// <summary>Removes the counts of hours that ended by a time; returns how many.</summary>
    Task<int> RemoveCountsAsync(DateTimeOffset before, CancellationToken cancellationToken);
}

/// <summary>A message that is due. <c>Key</c> is what the channel finds the intent by: the account key for mail, the event's
/// position for the webhook, the <see cref="Alert"/> for push. <c>Attempts</c> is how often it was claimed.</summary>
public sealed record OutboxDue(
    Guid Id, OutboxChannel Channel, string Key, DateTimeOffset CreatedAt, DateTimeOffset DueAt, int Attempts = 0)
{
    // The first attempt comes from the queue, right after the answer; the timer follows if that died.
    internal static readonly TimeSpan FirstWait = TimeSpan.FromMinutes(1);

    /// <summary>Earlier than <c>CreatedAt</c> if it was moved to a later hour's count.</summary>
    public DateTimeOffset PromisedAt { get; init; } = CreatedAt;

    public static OutboxDue New(Guid id, OutboxChannel channel, string key, DateTimeOffset now) =>
        new(id, channel, key, now, now + FirstWait);
}

public enum OutboxChannel { Mail, Webhook, Push }

/// <summary><c>Taken</c>: someone else has claimed or removed the message.</summary>
public enum OutboxClaim { Claimed, Taken, LimitReached }
