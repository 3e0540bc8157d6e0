namespace Serverless.Sessions.Timeline;

/// <summary>What happened and falls due. Every method throws <see cref="StorageUnavailableException"/> on an outage.</summary>
public interface ITimeline
{
    const int MostActivitiesAtOnce = 100;

    /// <summary>Idempotent.</summary>
    Task ScheduleExpiryAsync(SessionDue due, CancellationToken cancellationToken);

    Task RevokeAsync(SessionId session, DateTimeOffset before, CancellationToken cancellationToken);

    /// <summary>Reads the revocations between two times, inclusive, in any order; one may occur twice.</summary>
    Task<IReadOnlyList<Revocation>> ReadRevocationsAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken);

    Task RecordAsync(Activity activity, CancellationToken cancellationToken);

    /// <summary>Records 1 to <see cref="MostActivitiesAtOnce"/> activities with the same time in one write.</summary>
    Task RecordTogetherAsync(IReadOnlyList<Activity> activities, CancellationToken cancellationToken);

    /// <summary>Reads the sessions scheduled for hours that ended by <paramref name="now"/>.</summary>
    IAsyncEnumerable<DueBatch> ReadDueAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Returns the end of the oldest past hour that still has scheduled sessions.</summary>
    Task<DateTimeOffset?> FindOldestDueAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Ignores entries that are already gone.</summary>
    Task RemoveAsync(DueBatch batch, CancellationToken cancellationToken);

    Task ScheduleChangeAsync(ChangeDue due, CancellationToken cancellationToken);

    /// <summary>Reads in batches that can be removed at once.</summary>
    IAsyncEnumerable<IReadOnlyList<ChangeDue>> ReadDueChangesAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Removes accounts of one batch, ignoring those already gone.</summary>
    Task RemoveAsync(IReadOnlyList<ChangeDue> done, CancellationToken cancellationToken);

    /// <summary>Reads the activities between two times, inclusive, in any order.</summary>
    IAsyncEnumerable<Activity> ReadActivityAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken);

    /// <summary>Reads the activities between two times, inclusive, that match, in any order; null if one of the places where they are
    /// stored has more than <paramref name="most"/>, or they can't be found there soon.</summary>
    Task<IReadOnlyList<Activity>?> FindActivityAsync(
        DateTimeOffset from, DateTimeOffset to, ActivityFilter filter, int? most, CancellationToken cancellationToken);

    /// <summary>Returns the start of the oldest hour with activity that began before a time.</summary>
    Task<DateTimeOffset?> FindOldestActivityAsync(DateTimeOffset before, CancellationToken cancellationToken);

    /// <summary>Returns the time up to which a timer is done, where its next run continues; null before its first run.</summary>
    Task<DateTimeOffset?> ReadCursorAsync(string timer, CancellationToken cancellationToken);

    Task SaveCursorAsync(string timer, DateTimeOffset upTo, CancellationToken cancellationToken);

    /// <summary>Returns when the last run of each timer ended; only of those that have run.</summary>
    Task<IReadOnlyDictionary<string, DateTimeOffset>> ReadLastRunsAsync(CancellationToken cancellationToken);

    Task SaveLastRunAsync(string timer, DateTimeOffset at, CancellationToken cancellationToken);
}

/// <summary>A session whose access tokens are void if issued before <c>Before</c>.</summary>
public sealed record Revocation(SessionId SessionId, DateTimeOffset Before);

/// <summary>A session scheduled for the hour of its expiry; only the hour of <c>At</c> is kept.</summary>
public sealed record SessionDue(UserId UserId, SessionId SessionId, DateTimeOffset At);

/// <summary>An account to check when its change should be complete, interrupted or not. <c>Created</c> is the user of a new one,
/// <c>Email</c> what the index of emails has for it.</summary>
public sealed record ChangeDue(AccountKey Account, DateTimeOffset At, UserId? Created = null, EmailPosition? Email = null);

/// <summary>Up to a hundred sessions of one hour; <c>Partition</c> is the store's own name for where they are.</summary>
public sealed record DueBatch(string Partition, IReadOnlyList<SessionDue> Sessions);
