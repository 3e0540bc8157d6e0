namespace Serverless.Sessions.AuditLog;

/// <summary>Finds and removes rows past their retention, by hour or by owner, never by scanning a table. Scheduling is
/// idempotent; old mail is read in order, in one transaction. Every method throws <see cref="StorageUnavailableException"/> on an
/// outage.</summary>
public interface IRetentionStore
{
    Task ScheduleAsync(IReadOnlyCollection<LogDue> due, CancellationToken cancellationToken);
    Task ScheduleAsync(ConversationCopy copy, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Reads the logs and copies of conversations scheduled for hours that ended by <paramref name="now"/>.</summary>
    IAsyncEnumerable<ExpiredBatch> ReadDueLogsAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Reads hours that began before a time, with the owners of logs that record the activity.</summary>
    IAsyncEnumerable<ExpiredBatch> ReadActivityAsync(DateTimeOffset before, CancellationToken cancellationToken);

    IAsyncEnumerable<ExpiredBatch> ReadRevocationsAsync(DateTimeOffset before, CancellationToken cancellationToken);

    /// <summary>Ignores rows that are already gone.</summary>
    Task RemoveAsync(ExpiredBatch batch, CancellationToken cancellationToken);

    Task<OldLog> ReadOldLogAsync(LogOwner owner, DateTimeOffset before, CancellationToken cancellationToken);

    /// <summary>Takes one read; if nothing remains, a second one to find the owner's sessions.</summary>
    Task<RemainingLog> ReadRemainingAsync(LogOwner owner, DateTimeOffset from, CancellationToken cancellationToken);

    /// <summary>Removes entries and updates checkpoints in one transaction, or returns false if any row was gone.</summary>
    Task<bool> TryTrimAsync(LogOwner owner, LogTrim cut, CancellationToken cancellationToken);

    Task<IReadOnlyList<OldMail>> ReadOldestNoticesAsync(UserId user, int limit, CancellationToken cancellationToken);
    Task<IReadOnlyList<OldMail>> ReadOldestMessagesAsync(ConversationCopy copy, int limit, CancellationToken cancellationToken);

    /// <summary>Removes notices, or messages with their keys; false, with nothing done, if any row was gone or the copy has
    /// changed. <paramref name="emptied"/> is the new row of the copy that loses its last message, if any.</summary>
    Task<bool> TryRemoveAsync(UserId owner, IReadOnlyList<OldMail> mail, Conversation? emptied, CancellationToken cancellationToken);

    /// <summary>Removes the challenges that a user's passkeys used, once they have expired. Takes one read,
    /// and one write per hundred.</summary>
    Task RemoveChallengesAsync(UserId user, DateTimeOffset now, CancellationToken cancellationToken);

    Task<int> RemoveStatisticsAsync(DateOnly before, CancellationToken cancellationToken);
}

/// <summary>A log scheduled for retention in the hour of <c>At</c>, when its oldest entry falls due.</summary>
public readonly record struct LogDue(LogOwner Owner, DateTimeOffset At);

/// <summary>Up to a hundred rows of one hour that can be removed at once, and the distinct owners of logs that they name.
/// <c>Partition</c> and <c>Rows</c> are the store's own names.</summary>
public sealed record ExpiredBatch(
    string Partition, DateTimeOffset Hour, IReadOnlyList<string> Rows, IReadOnlyList<LogOwner> Owners,
    IReadOnlyList<ConversationCopy> Copies);

public readonly record struct ConversationCopy(UserId Owner, UserId Other);

/// <summary>A notice or message that may be old; <c>Row</c> and <c>Key</c>, if any, are the store's own names.</summary>
public sealed record OldMail(int Number, string Row, string? Key, DateTimeOffset At);

/// <summary>The old part of a log, unordered; <c>Cuts</c> are the checkpoints of sessions whose history was cut before.</summary>
public sealed record OldLog(IReadOnlyList<OldEntry> Entries, IReadOnlyList<AuditCheckpoint> Cuts);

/// <summary>A stored log entry; <c>At</c> is from the row's key, since the time in the entry may be forged.</summary>
public sealed record OldEntry(string Row, DateTimeOffset At, LogEntry Entry);

/// <summary><c>Oldest</c> is null if nothing remains, <c>HasSessions</c> is then whether the owner has sessions that may still
/// add entries; <c>IsComplete</c> is false if the log is too long for one read and older entries may exist.</summary>
public sealed record RemainingLog(DateTimeOffset? Oldest, bool HasSessions, bool IsComplete);

/// <summary>What one transaction removes from a log: the entries in <c>Rows</c>, and the checkpoints of <c>Unmarked</c>, whose
/// history is now empty. The checkpoints in <c>Marks</c> are written or moved forward.</summary>
public sealed record LogTrim(IReadOnlyList<string> Rows, IReadOnlyList<AuditCheckpoint> Marks, IReadOnlyList<SessionId> Unmarked)
{
    public const int MostAtOnce = 100;

    public int Count => Rows.Count + Marks.Count + Unmarked.Count;
}
