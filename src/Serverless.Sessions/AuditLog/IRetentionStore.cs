namespace Serverless.Sessions.AuditLog;

/// <summary>Finds and removes rows past their retention, by hour or by owner, never by scanning a table. Every method throws
/// <see cref="StorageUnavailableException"/> on an outage.</summary>
public interface IRetentionStore
{
    /// <summary>Schedules logs for retention, each in the hour of its time. Idempotent.</summary>
    Task ScheduleAsync(IReadOnlyCollection<LogDue> due, CancellationToken cancellationToken);

    /// <summary>Schedules a conversation copy for retention in the hour of <paramref name="at"/>. Idempotent.</summary>
    Task ScheduleAsync(ConversationCopy copy, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>The logs and copies of conversations scheduled for hours that ended by <paramref name="now"/>.</summary>
    IAsyncEnumerable<ExpiredBatch> ReadDueLogsAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>The activity of all hours that began before <paramref name="before"/>, and the owners of logs that record
    /// it.</summary>
    IAsyncEnumerable<ExpiredBatch> ReadActivityAsync(DateTimeOffset before, CancellationToken cancellationToken);

    /// <summary>The revocations of all hours that began before <paramref name="before"/>.</summary>
    IAsyncEnumerable<ExpiredBatch> ReadRevocationsAsync(DateTimeOffset before, CancellationToken cancellationToken);

    /// <summary>Removes a batch; rows that are already gone don't matter.</summary>
    Task RemoveAsync(ExpiredBatch batch, CancellationToken cancellationToken);

    /// <summary>The entries of a log from before a time, and its checkpoints.</summary>
    Task<OldLog> ReadOldLogAsync(LogOwner owner, DateTimeOffset before, CancellationToken cancellationToken);

    /// <summary>What a log holds from a time on, in one read; if nothing, a second read finds its owner's sessions.</summary>
    Task<RemainingLog> ReadRemainingAsync(LogOwner owner, DateTimeOffset from, CancellationToken cancellationToken);

    /// <summary>Removes entries of a log and updates its checkpoints in one transaction.</summary>
    /// <returns>False, with nothing done, if any row was already gone: read again and decide anew.</returns>
    Task<bool> TryTrimAsync(LogOwner owner, LogTrim cut, CancellationToken cancellationToken);

    /// <summary>The oldest notices of a user, in order, in one read.</summary>
    Task<IReadOnlyList<OldMail>> ReadOldestNoticesAsync(UserId user, int limit, CancellationToken cancellationToken);

    /// <summary>The oldest messages of a copy, in order, in one read.</summary>
    Task<IReadOnlyList<OldMail>> ReadOldestMessagesAsync(ConversationCopy copy, int limit, CancellationToken cancellationToken);

    /// <summary>Removes notices, or messages with their keys.</summary>
    /// <param name="emptied">The new row of the conversation copy that loses its last message; null if none does.</param>
    /// <returns>False, with nothing done, if any row was already gone or the copy has changed: decide anew.</returns>
    Task<bool> TryRemoveAsync(UserId owner, IReadOnlyList<OldMail> mail, Conversation? emptied, CancellationToken cancellationToken);

    /// <summary>Removes the statistics of all days before one; returns how many days.</summary>
    Task<int> RemoveStatisticsAsync(DateOnly before, CancellationToken cancellationToken);
}

/// <summary>A log scheduled for retention.</summary>
/// <param name="At">When its oldest entry falls due; only the hour is kept.</param>
public readonly record struct LogDue(LogOwner Owner, DateTimeOffset At);

/// <summary>Up to a hundred rows of one hour that can be removed at once.</summary>
/// <param name="Partition">The store's own name for where the rows are.</param>
/// <param name="Rows">The store's own names of the rows.</param>
/// <param name="Owners">The distinct owners of logs that the rows name.</param>
public sealed record ExpiredBatch(string Partition, DateTimeOffset Hour, IReadOnlyList<string> Rows, IReadOnlyList<LogOwner> Owners)
{
    /// <summary>The distinct copies of conversations that the rows name.</summary>
    public IReadOnlyList<ConversationCopy> Copies { get; init; } = [];
}

/// <summary>One participant's copy of a conversation.</summary>
public readonly record struct ConversationCopy(UserId Owner, UserId Other);

/// <summary>A notice or a message that may be past its retention.</summary>
/// <param name="Row">The store's own name of the row.</param>
/// <param name="Key">The store's own name of its key's row; null if it has none.</param>
/// <param name="At">When it was sent.</param>
public sealed record OldMail(int Number, string Row, string? Key, DateTimeOffset At);

/// <summary>The old part of a log, unordered.</summary>
/// <param name="Cuts">The checkpoints of sessions whose history was cut before.</param>
public sealed record OldLog(IReadOnlyList<OldEntry> Entries, IReadOnlyList<AuditCheckpoint> Cuts);

/// <summary>A log entry and its row.</summary>
/// <param name="Row">The store's own name of the row.</param>
/// <param name="At">When it was stored, from the row's key; the time inside the entry may have been forged.</param>
public sealed record OldEntry(string Row, DateTimeOffset At, LogEntry Entry);

/// <summary>What a log holds from a time on.</summary>
/// <param name="Oldest">The time of the oldest such entry; null if there is none.</param>
/// <param name="HasSessions">Whether there is no such entry, but the owner has sessions that may still add some.</param>
/// <param name="IsComplete">False if the log is too long for one read; older entries may exist.</param>
public sealed record RemainingLog(DateTimeOffset? Oldest, bool HasSessions, bool IsComplete);

/// <summary>What one transaction removes from a log.</summary>
/// <param name="Rows">The entries.</param>
/// <param name="Marks">The checkpoints to write or move forward.</param>
/// <param name="Unmarked">The sessions whose history is now empty, so their checkpoint goes too.</param>
public sealed record LogTrim(IReadOnlyList<string> Rows, IReadOnlyList<AuditCheckpoint> Marks, IReadOnlyList<SessionId> Unmarked)
{
    /// <summary>The most rows and checkpoints in one transaction.</summary>
    public const int MostAtOnce = 100;

    /// <summary>The number of rows and checkpoints.</summary>
    public int Count => Rows.Count + Marks.Count + Unmarked.Count;
}
