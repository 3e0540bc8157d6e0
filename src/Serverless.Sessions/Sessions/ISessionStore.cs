using Serverless.Sessions.Accounts;
using Serverless.Sessions.AuditLog;
using Serverless.Sessions.Ending;
using Serverless.Sessions.Mailbox;
using Serverless.Sessions.Refresh;
using Serverless.Sessions.Storage;
using Serverless.Sessions.Text;

namespace Serverless.Sessions.Sessions;

/// <summary>
/// Stores sessions. Each change includes its log entry, and happens whole or not at all. Every method throws
/// <see cref="StorageUnavailableException"/> for an outage; the answers that the rules expect are values.
/// </summary>
public interface ISessionStore
{
    /// <summary>Adds a new session, provided that the epoch which the login saw is still open.</summary>
    /// <param name="epoch">The epoch.</param>
    /// <param name="entry">The entry of the login.</param>
    /// <param name="notice">What the user is told of it; null for nothing.</param>
    /// <returns>The state of the new row; null where the epoch is closed: read the account again and decide anew.</returns>
    Task<RowVersion?> TryOpenAsync(
        Session session, Ulid epoch, LogEntry entry, Notice? notice, CancellationToken cancellationToken);

    /// <summary>Rotates without reading, provided that the row is in the state that the refresh token saw.</summary>
    /// <returns>The new state of the row; null where it isn't in that state or is gone: read it and decide.</returns>
    Task<RowVersion?> TryRotateAsync(
        Rotation rotation, RowVersion expected, LogEntry entry, CancellationToken cancellationToken);

    /// <summary>Reads a session; null where there is none.</summary>
    Task<StoredSession?> FindAsync(UserId user, SessionId session, CancellationToken cancellationToken);

    /// <summary>All sessions of a user, ended ones included until their expiry hour, in one read.</summary>
    Task<IReadOnlyList<ListedSession>> ListAsync(UserId user, CancellationToken cancellationToken);

    /// <summary>Stores the endings of sessions of one user, all or none, and forgets their presence.</summary>
    /// <param name="endings">At most <see cref="SessionEnding.MaximumAtOnce"/>.</param>
    /// <returns>Whether all were still as they were when read; false means: read again and decide anew.</returns>
    Task<bool> TryEndAsync(IReadOnlyList<SessionEnding> endings, CancellationToken cancellationToken);

    /// <summary>Stores the roles of a session.</summary>
    /// <returns>Whether it was still as it was when read; false means: read again and decide anew.</returns>
    Task<bool> TryPropagateRolesAsync(Session session, RowVersion expected, LogEntry entry, CancellationToken cancellationToken);

    /// <summary>Removes a session that is over; <paramref name="entry"/> is null for one whose ending is in the log already.</summary>
    /// <returns>Whether it was still as it was when read.</returns>
    Task<bool> TryRemoveAsync(StoredSession session, LogEntry? entry, CancellationToken cancellationToken);
}
