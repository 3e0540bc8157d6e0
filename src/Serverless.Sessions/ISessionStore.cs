using Serverless.Sessions.Accounts;
using Serverless.Sessions.Record;

namespace Serverless.Sessions;

/// <summary>
/// Where sessions and their log are kept. Each change takes its log entry along and happens whole or not at all. Every method
/// throws <see cref="StorageUnavailableException"/> for an outage; the answers that the rules expect are values.
/// </summary>
public interface ISessionStore
{
    /// <summary>Opens an epoch of an account: logins that saw it may open sessions.</summary>
    Task OpenEpochAsync(UserId user, Ulid epoch, CancellationToken cancellationToken);

    /// <summary>Closes an epoch: a login that saw it fails from now on. Closing it twice is closing it once.</summary>
    Task CloseEpochAsync(UserId user, Ulid epoch, CancellationToken cancellationToken);

    /// <summary>Adds a new session, provided that the epoch which the login saw is still open.</summary>
    /// <returns>The state of the new row; null where the epoch is closed: read the account again and decide anew.</returns>
    Task<RowVersion?> TryOpenAsync(Session session, Ulid epoch, LogEntry entry, CancellationToken cancellationToken);

    /// <summary>Rotates without reading, provided that the row is in the state that the refresh token saw.</summary>
    /// <returns>The new state of the row; null where it isn't in that state or is gone: read it and decide.</returns>
    Task<RowVersion?> TryRotateAsync(
        Rotation rotation, RowVersion expected, LogEntry entry, CancellationToken cancellationToken);

    /// <summary>Reads a session; null where there is none.</summary>
    Task<StoredSession?> FindAsync(UserId user, SessionId session, CancellationToken cancellationToken);

    /// <summary>All sessions of a user, ended ones included until their expiry hour.</summary>
    IAsyncEnumerable<StoredSession> ListAsync(UserId user, CancellationToken cancellationToken);

    /// <summary>Stores the ending of a session and forgets its presence.</summary>
    /// <returns>Whether it was still as it was when read; false means: read again and decide anew.</returns>
    Task<bool> TryEndAsync(Session ended, RowVersion expected, LogEntry entry, CancellationToken cancellationToken);

    /// <summary>Removes a session that is over; <paramref name="entry"/> is null for one whose ending is in the log already.</summary>
    /// <returns>Whether it was still as it was when read.</returns>
    Task<bool> TryRemoveAsync(StoredSession session, LogEntry? entry, CancellationToken cancellationToken);

    /// <summary>Adds an entry that goes with no change of a session: a failed login.</summary>
    Task AppendAsync(LogOwner owner, LogEntry entry, CancellationToken cancellationToken);

    /// <summary>A log, newest entry first.</summary>
    IAsyncEnumerable<LogEntry> ReadLogAsync(LogOwner owner, CancellationToken cancellationToken);
}
