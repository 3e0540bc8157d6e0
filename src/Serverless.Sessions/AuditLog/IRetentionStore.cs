using Serverless.Sessions.Accounts;
using Serverless.Sessions.Mailbox;
using Serverless.Sessions.Sessions;
using Serverless.Sessions.Storage;

namespace Serverless.Sessions.AuditLog;

/// <summary>
/// What has been kept for long enough, and when which log is to be looked at. All is found by hour or by owner, never by looking
/// through a table. Every method throws <see cref="StorageUnavailableException"/> for an outage.
/// </summary>
public interface IRetentionStore
{
    /// <summary>Has logs looked at, each in the hour of its time. Doing it twice is doing it once.</summary>
    Task FileAsync(IReadOnlyCollection<LogDue> due, CancellationToken cancellationToken);

    /// <summary>Has a copy of a conversation looked at in the hour of a time. Doing it twice is doing it once.</summary>
    Task FileAsync(ConversationCopy copy, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>The logs and the copies of conversations to look at in the hours that are over.</summary>
    /// <param name="now">Hours that ended by this time are due.</param>
    IAsyncEnumerable<PastBatch> ReadDueLogsAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>The activity of all hours that began before an hour, with the owners of the logs that have it on record, too.</summary>
    IAsyncEnumerable<PastBatch> ReadActivityAsync(DateTimeOffset before, CancellationToken cancellationToken);

    /// <summary>The revocations of all hours that began before an hour.</summary>
    IAsyncEnumerable<PastBatch> ReadRevocationsAsync(DateTimeOffset before, CancellationToken cancellationToken);

    /// <summary>Removes a batch; what is gone already doesn't matter.</summary>
    Task RemoveAsync(PastBatch batch, CancellationToken cancellationToken);

    /// <summary>The entries of a log from before a time, and the cut marks in it.</summary>
    Task<OldLog> ReadOldLogAsync(LogOwner owner, DateTimeOffset before, CancellationToken cancellationToken);

    /// <summary>What there is of a log from a time on, in one read, and, where that is nothing, of its owner's sessions in another.</summary>
    Task<LogRest> ReadRestAsync(LogOwner owner, DateTimeOffset from, CancellationToken cancellationToken);

    /// <summary>Removes entries of a log together with what becomes of the cut marks.</summary>
    /// <returns>False where any of it wasn't there any more, and nothing was done: read again and decide anew.</returns>
    Task<bool> TryCutAsync(LogOwner owner, LogCut cut, CancellationToken cancellationToken);

    /// <summary>The first notices of a user, in their order, in one read.</summary>
    Task<IReadOnlyList<OldMail>> ReadOldestNoticesAsync(UserId user, int limit, CancellationToken cancellationToken);

    /// <summary>The first messages of a copy, in their order, in one read.</summary>
    Task<IReadOnlyList<OldMail>> ReadOldestMessagesAsync(ConversationCopy copy, int limit, CancellationToken cancellationToken);

    /// <summary>Removes notices or messages of a user, these with their keys.</summary>
    /// <param name="mail">What is removed.</param>
    /// <param name="emptied">The copy of a conversation that has no messages then, as it is to be; null where none becomes empty.</param>
    /// <returns>False where any of them wasn't there any more, or the copy has changed, and nothing was done: read again and decide
    /// anew.</returns>
    Task<bool> TryRemoveAsync(UserId owner, IReadOnlyList<OldMail> mail, Conversation? emptied, CancellationToken cancellationToken);

    /// <summary>Removes the statistics of all days before one.</summary>
    /// <returns>How many days it were.</returns>
    Task<int> RemoveStatisticsAsync(DateOnly before, CancellationToken cancellationToken);
}

/// <summary>A log to look at.</summary>
/// <param name="At">When its oldest entry falls due; only the hour is kept.</param>
public readonly record struct LogDue(LogOwner Owner, DateTimeOffset At);

/// <summary>At most a hundred rows of one hour that can be removed at once.</summary>
/// <param name="Partition">Where they are kept: the store's own name.</param>
/// <param name="Hour">The beginning of the hour.</param>
/// <param name="Rows">The rows: the store's own names.</param>
/// <param name="Owners">The owners of logs that they name, each once.</param>
public sealed record PastBatch(string Partition, DateTimeOffset Hour, IReadOnlyList<string> Rows, IReadOnlyList<LogOwner> Owners)
{
    /// <summary>The copies of conversations that they name, each once.</summary>
    public IReadOnlyList<ConversationCopy> Copies { get; init; } = [];
}

/// <summary>A user's copy of a conversation.</summary>
/// <param name="Owner">Whose copy it is.</param>
/// <param name="Other">The other participant.</param>
public readonly record struct ConversationCopy(UserId Owner, UserId Other);

/// <summary>A notice or a message that may have been kept for long enough.</summary>
/// <param name="Row">Where it is kept: the store's own name.</param>
/// <param name="Key">Where its key is kept; null where it has none.</param>
/// <param name="At">When it was sent.</param>
public sealed record OldMail(int Number, string Row, string? Key, DateTimeOffset At);

/// <summary>The old part of a log.</summary>
/// <param name="Entries">Its entries, in no particular order.</param>
/// <param name="Cuts">The marks of the sessions whose history was cut before.</param>
public sealed record OldLog(IReadOnlyList<OldEntry> Entries, IReadOnlyList<AuditCheckpoint> Cuts);

/// <summary>A log entry in its place.</summary>
/// <param name="Row">Where it is kept: the store's own name.</param>
/// <param name="At">When it was put there. Somebody may have written another time into the entry itself.</param>
/// <param name="Entry">The entry.</param>
public sealed record OldEntry(string Row, DateTimeOffset At, LogEntry Entry);

/// <summary>What there is of a log from a time on.</summary>
/// <param name="Oldest">The time of its oldest entry since then; null where it has none.</param>
/// <param name="HasSessions">Whether it has no entry since then, and its owner has sessions, which may still get some.</param>
/// <param name="IsComplete">False where it is too long for one read; then there may be older entries.</param>
public sealed record LogRest(DateTimeOffset? Oldest, bool HasSessions, bool IsComplete);

/// <summary>What one transaction removes of a log.</summary>
/// <param name="Rows">The entries.</param>
/// <param name="Marks">The marks that it sets, or sets forward.</param>
/// <param name="Unmarked">The sessions whose mark goes, too, since nothing is left of their history.</param>
public sealed record LogCut(IReadOnlyList<string> Rows, IReadOnlyList<AuditCheckpoint> Marks, IReadOnlyList<SessionId> Unmarked)
{
    /// <summary>The most rows and marks that it takes together.</summary>
    public const int MostAtOnce = 100;

    /// <summary>How many it has.</summary>
    public int Count => Rows.Count + Marks.Count + Unmarked.Count;
}
