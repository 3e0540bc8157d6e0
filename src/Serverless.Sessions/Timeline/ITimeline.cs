using Serverless.Sessions.Accounts;
using Serverless.Sessions.Sessions;
using Serverless.Sessions.Storage;

namespace Serverless.Sessions.Timeline;

/// <summary>
/// What happened and what will fall due, in time order over all users. The timers read hours of it and never a whole table.
/// Every method throws <see cref="StorageUnavailableException"/> for an outage.
/// </summary>
public interface ITimeline
{
    /// <summary>The most activities that one write takes.</summary>
    const int MostActivitiesAtOnce = 100;

    /// <summary>Has a session looked at in the hour of its expiry. Doing it twice is doing it once.</summary>
    Task ScheduleExpiryAsync(SessionDue due, CancellationToken cancellationToken);

    /// <summary>Records that the access tokens of a session are void that were issued before a time.</summary>
    Task RevokeAsync(SessionId session, DateTimeOffset before, CancellationToken cancellationToken);

    /// <summary>What was revoked from one time to another, both included, in no particular order. The same may come twice.</summary>
    Task<IReadOnlyList<Revocation>> ReadRevocationsAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken);

    /// <summary>Records an activity.</summary>
    Task RecordAsync(Activity activity, CancellationToken cancellationToken);

    /// <summary>Records activities of the same time in one write.</summary>
    /// <param name="activities">At most <see cref="MostActivitiesAtOnce"/>, and at least one.</param>
    Task RecordTogetherAsync(IReadOnlyList<Activity> activities, CancellationToken cancellationToken);

    /// <summary>The sessions to look at in the hours that are over, in batches that can be removed at once.</summary>
    /// <param name="now">Hours that ended by this time are due.</param>
    IAsyncEnumerable<DueBatch> ReadDueAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>The end of the oldest hour that is over and still holds sessions to look at; null where all were dealt with.</summary>
    Task<DateTimeOffset?> FindOldestDueAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Removes a batch that was dealt with; entries that are gone already don't matter.</summary>
    Task RemoveAsync(DueBatch batch, CancellationToken cancellationToken);

    /// <summary>Has an account looked at once a change of it should be over, whether it is or was interrupted.</summary>
    Task FileChangeAsync(ChangeDue due, CancellationToken cancellationToken);

    /// <summary>The accounts to look at by now, in batches that can be removed at once.</summary>
    IAsyncEnumerable<IReadOnlyList<ChangeDue>> ReadDueChangesAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Removes accounts of one batch that were looked at; entries that are gone already don't matter.</summary>
    Task RemoveAsync(IReadOnlyList<ChangeDue> done, CancellationToken cancellationToken);

    /// <summary>The activities from one time to another, both included, in no particular order.</summary>
    IAsyncEnumerable<Activity> ReadActivityAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken);

    /// <summary>The beginning of the oldest hour that holds activity, of those that began before a time; null where none does.</summary>
    Task<DateTimeOffset?> FindOldestActivityAsync(DateTimeOffset before, CancellationToken cancellationToken);
}

/// <summary>A session whose access tokens are void.</summary>
/// <param name="Before">The void ones are those that were issued before this time.</param>
public sealed record Revocation(SessionId SessionId, DateTimeOffset Before);

/// <summary>A session to look at in the hour of its expiry.</summary>
/// <param name="At">The expiry; only its hour is kept.</param>
public sealed record SessionDue(UserId UserId, SessionId SessionId, DateTimeOffset At);

/// <summary>An account to look at.</summary>
/// <param name="At">From when on.</param>
public sealed record ChangeDue(AccountKey Account, DateTimeOffset At);

/// <summary>At most a hundred sessions that fell due in one hour.</summary>
/// <param name="Partition">Where they are kept: the store's own name.</param>
/// <param name="Sessions">The sessions.</param>
public sealed record DueBatch(string Partition, IReadOnlyList<SessionDue> Sessions);
