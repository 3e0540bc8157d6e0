namespace Serverless.Sessions.AuditLog;

/// <summary>The entry of a change is written by the store that makes the change, and only that of a failed login by
/// <see cref="AppendAsync"/>. Every method throws <see cref="StorageUnavailableException"/> on an outage.</summary>
public interface ILogStore
{
    Task AppendAsync(LogOwner owner, LogEntry entry, CancellationToken cancellationToken);

    /// <summary>Reads a page, newest first, null for the first page; new entries don't shift the pages that follow.</summary>
    Task<LogPage> ReadAsync(LogOwner owner, LogPosition? after, int limit, CancellationToken cancellationToken);

    /// <summary>Reads all entries about one session, newest first, and its checkpoint, if retention removed any.</summary>
    Task<SessionLog> ReadOfAsync(UserId user, SessionId session, CancellationToken cancellationToken);
}
