namespace Serverless.Sessions.Timeline;

/// <summary>What happened and what falls due, in time order across all users. Timers read hours of it, never a whole table. Every
/// method throws <see cref="StorageUnavailableException"/> on an outage.</summary>
public interface ITimeline
{
    /// <summary>The most activities per write.</summary>
    const int MostActivitiesAtOnce = 100;

    /// <summary>Schedules a session for purging in the hour of its expiry. Idempotent.</summary>
    Task ScheduleExpiryAsync(SessionDue due, CancellationToken cancellationToken);

    /// <summary>Revokes the access tokens of a session that were issued before a time.</summary>
    Task RevokeAsync(SessionId session, DateTimeOffset before, CancellationToken cancellationToken);

    /// <summary>The revocations between two times, inclusive, in any order; one may occur twice.</summary>
    Task<IReadOnlyList<Revocation>> ReadRevocationsAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken);

    /// <summary>Records an activity.</summary>
    Task RecordAsync(Activity activity, CancellationToken cancellationToken);

    /// <summary>Records activities with the same time in one write.</summary>
    /// <param name="activities">1 to <see cref="MostActivitiesAtOnce"/>.</param>
    Task RecordTogetherAsync(IReadOnlyList<Activity> activities, CancellationToken cancellationToken);

    /// <summary>The sessions scheduled for hours that ended by <paramref name="now"/>, in batches for removal.</summary>
    IAsyncEnumerable<DueBatch> ReadDueAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>The end of the oldest past hour that still has scheduled sessions; null if there is none.</summary>
    Task<DateTimeOffset?> FindOldestDueAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Removes a processed batch; entries that are already gone don't matter.</summary>
    Task RemoveAsync(DueBatch batch, CancellationToken cancellationToken);

    /// <summary>Schedules a check of an account for when its change should be complete, interrupted or not.</summary>
    Task ScheduleChangeAsync(ChangeDue due, CancellationToken cancellationToken);

    /// <summary>The accounts scheduled up to now, in batches that can be removed at once.</summary>
    IAsyncEnumerable<IReadOnlyList<ChangeDue>> ReadDueChangesAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Removes processed accounts of one batch; entries that are already gone don't matter.</summary>
    Task RemoveAsync(IReadOnlyList<ChangeDue> done, CancellationToken cancellationToken);

    /// <summary>The activities between two times, inclusive, in any order.</summary>
    IAsyncEnumerable<Activity> ReadActivityAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken);

    /// <summary>The start of the oldest hour with activity that began before a time; null if there is none.</summary>
    Task<DateTimeOffset?> FindOldestActivityAsync(DateTimeOffset before, CancellationToken cancellationToken);
}

/// <summary>A session whose access tokens are void.</summary>
/// <param name="Before">Tokens issued before this time are void.</param>
public sealed record Revocation(SessionId SessionId, DateTimeOffset Before);

/// <summary>A session scheduled for the hour of its expiry.</summary>
/// <param name="At">The expiry; only its hour is kept.</param>
public sealed record SessionDue(UserId UserId, SessionId SessionId, DateTimeOffset At);

/// <summary>An account scheduled for a check.</summary>
public sealed record ChangeDue(AccountKey Account, DateTimeOffset At);

/// <summary>Up to a hundred sessions of one hour.</summary>
/// <param name="Partition">The store's own name for where they are.</param>
public sealed record DueBatch(string Partition, IReadOnlyList<SessionDue> Sessions);
