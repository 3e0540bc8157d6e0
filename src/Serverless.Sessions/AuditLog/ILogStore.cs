namespace Serverless.Sessions.AuditLog;

/// <summary>
/// Stores the log. The entry of a change is written by the store that makes the change. Every method throws
/// <see cref="StorageUnavailableException"/> for an outage.
/// </summary>
public interface ILogStore
{
    /// <summary>Adds an entry without a session change: a failed login.</summary>
    Task AppendAsync(LogOwner owner, LogEntry entry, CancellationToken cancellationToken);

    /// <summary>A page of a log, newest first. New entries don't shift the pages that follow.</summary>
    /// <param name="after">The last entry of the previous page; null for the first page.</param>
    Task<LogPage> ReadAsync(LogOwner owner, LogPosition? after, int limit, CancellationToken cancellationToken);

    /// <summary>All log entries about one session, newest first, and its checkpoint, if retention removed any.</summary>
    Task<SessionLog> ReadOfAsync(UserId user, SessionId session, CancellationToken cancellationToken);
}
