using Serverless.Sessions.Accounts;
using Serverless.Sessions.Sessions;
using Serverless.Sessions.Storage;

namespace Serverless.Sessions.AuditLog;

/// <summary>
/// Stores the log. The entry of a change is written by the store that makes the change. Every method throws
/// <see cref="StorageUnavailableException"/> for an outage.
/// </summary>
public interface ILogStore
{
    /// <summary>Adds an entry that goes with no change of a session: a failed login.</summary>
    Task AppendAsync(LogOwner owner, LogEntry entry, CancellationToken cancellationToken);

    /// <summary>A page of a log, newest entry first. New entries don't move the pages after it.</summary>
    /// <param name="owner">Whose log.</param>
    /// <param name="after">The entry that the page before ended with; null for the first page.</param>
    /// <param name="limit">How many entries at the most.</param>
    Task<LogPage> ReadAsync(LogOwner owner, LogPosition? after, int limit, CancellationToken cancellationToken);

    /// <summary>All log entries about one session of a user, newest first, and the mark of those that retention has removed.</summary>
    Task<SessionLog> ReadOfAsync(UserId user, SessionId session, CancellationToken cancellationToken);
}
