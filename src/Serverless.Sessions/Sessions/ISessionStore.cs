namespace Serverless.Sessions.Sessions;

/// <summary>Stores sessions. Each change and its log entry succeed or fail together. Every method throws
/// <see cref="StorageUnavailableException"/> on an outage; answers that the rules expect are values.</summary>
public interface ISessionStore
{
    /// <summary>Adds a new session, and a notice if there is one, if the epoch that the login saw is still open.</summary>
    /// <returns>The version of the new row; null if the epoch is closed: read the account again and decide anew.</returns>
    Task<RowVersion?> TryOpenAsync(
        Session session, Ulid epoch, LogEntry entry, Notice? notice, CancellationToken cancellationToken);

    /// <summary>Rotates without a read, if the row still has the version that the refresh token carries.</summary>
    /// <returns>The new version; null if the row has changed or is gone: read it and decide.</returns>
    Task<RowVersion?> TryRotateAsync(
        Rotation rotation, RowVersion expected, LogEntry entry, CancellationToken cancellationToken);

    /// <summary>Reads a session; null if there is none.</summary>
    Task<StoredSession?> FindAsync(UserId user, SessionId session, CancellationToken cancellationToken);

    /// <summary>All sessions of a user in one read, including ended ones until their expiry hour.</summary>
    Task<IReadOnlyList<ListedSession>> ListAsync(UserId user, CancellationToken cancellationToken);

    /// <summary>Ends sessions of one user, all or none, and deletes their presence.</summary>
    /// <param name="endings">At most <see cref="SessionEnding.MaximumAtOnce"/>.</param>
    /// <returns>False if any has changed since it was read: read again and decide anew.</returns>
    Task<bool> TryEndAsync(IReadOnlyList<SessionEnding> endings, CancellationToken cancellationToken);

    /// <summary>Stores a session's roles; false if it has changed since it was read: read again and decide anew.</summary>
    Task<bool> TryPropagateRolesAsync(Session session, RowVersion expected, LogEntry entry, CancellationToken cancellationToken);

    /// <summary>Removes a session that is over; false if it has changed. No entry if its end is already in the log.</summary>
    Task<bool> TryRemoveAsync(StoredSession session, LogEntry? entry, CancellationToken cancellationToken);
}
