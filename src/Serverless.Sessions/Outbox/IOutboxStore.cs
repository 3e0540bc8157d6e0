namespace Serverless.Sessions.Outbox;

/// <summary>Stores when messages are due, not what they say. Every method throws <see cref="StorageUnavailableException"/> on an
/// outage.</summary>
public interface IOutboxStore
{
    /// <summary>Idempotent. Comes before the write of the intent, so a crash leaves a due row without an intent, never the other way
    /// round.</summary>
    Task ScheduleAsync(OutboxDue due, CancellationToken cancellationToken);

    /// <summary>Oldest hour first, and within an hour the longest due.</summary>
    IAsyncEnumerable<OutboxDue> ReadDueAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Replaces <paramref name="due"/> with <paramref name="next"/>, which differs in its due time and attempts; only the
    /// claimant may send.</summary>
    /// <param name="due">What was read or scheduled.</param>
    /// <param name="next">Its next attempt, in case this one dies.</param>
    /// <param name="maximumPerHour">Counts the claim among those of messages created in the same hour, and refuses it past this limit; null
    /// counts nothing.</param>
    Task<OutboxClaim> TryClaimAsync(OutboxDue due, OutboxDue next, int? maximumPerHour, CancellationToken cancellationToken);

    /// <summary>Ignores what is already gone.</summary>
    Task RemoveAsync(OutboxDue due, CancellationToken cancellationToken);

    /// <summary>Removes the counts of hours that began before a time; returns how many.</summary>
    Task<int> RemoveCountsAsync(DateTimeOffset before, CancellationToken cancellationToken);
}

/// <summary>A message that is due. <c>Key</c> is what the channel finds the intent by: the account key for mail, the event's position for
/// the webhook. <c>Attempts</c> is how often it was claimed.</summary>
public sealed record OutboxDue(
    Guid Id, OutboxChannel Channel, string Key, DateTimeOffset CreatedAt, DateTimeOffset DueAt, int Attempts = 0)
{
    // The first attempt follows the answer that promised the message; after this long, it may have died.
    private static readonly TimeSpan FirstWait = TimeSpan.FromMinutes(1);

    public static OutboxDue New(Guid id, OutboxChannel channel, string key, DateTimeOffset now) => new(id, channel, key, now, now + FirstWait);
}

public enum OutboxChannel { Mail, Webhook }

/// <summary><c>Taken</c>: another run has claimed or removed the message.</summary>
public enum OutboxClaim { Claimed, Taken, LimitReached }
