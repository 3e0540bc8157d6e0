namespace Serverless.Sessions.Sessions;

/// <summary>Stores sessions. Each change and its log entry succeed or fail together.</summary>
public interface ISessionStore
{
    /// <summary>Adds a new session with its notices; null if the epoch that the login saw is closed. With the use of a passkey also
    /// null if its challenge is used or the passkey, an expired challenge or the count of notices has changed:
    /// then read all of it again.</summary>
    Task<RowVersion?> TryOpenAsync(
        Session session, Ulid epoch, LogEntry entry, IReadOnlyList<Notice> notices, PasskeyUse? use, CancellationToken cancellationToken);

    /// <summary>Rotates without a read, unless there is a notice; null if the row no longer has the version that the refresh token carries,
    /// or another notice came first.</summary>
    Task<RowVersion?> TryRotateAsync(Rotation rotation, LogEntry entry, CancellationToken cancellationToken);
    Task<StoredSession?> FindAsync(UserId user, SessionId session, CancellationToken cancellationToken);

    /// <summary>Lists a user's sessions in one read, including ended ones until their expiry hour.</summary>
    Task<IReadOnlyList<ListedSession>> ListAsync(UserId user, CancellationToken cancellationToken);

    /// <summary>Ends at most <see cref="SessionEnding.MaximumAtOnce"/> sessions of one user, all or none, and deletes their
    /// presence; false if any has changed since it was read.</summary>
    Task<bool> TryEndAsync(IReadOnlyList<SessionEnding> endings, CancellationToken cancellationToken);

    /// <summary>Returns false if the session has changed since it was read.</summary>
    Task<bool> TryPropagateRolesAsync(Session session, RowVersion expected, LogEntry entry, CancellationToken cancellationToken);

    /// <summary>Stores when and how its user proved again who they are; false if the session has changed since it was read, but not by an
    /// earlier try of this write whose reply was lost. With the use of a passkey as for <see cref="TryOpenAsync"/>.</summary>
    Task<bool> TryStepUpAsync(
        Session session, RowVersion expected, LogEntry entry, PasskeyUse? use, CancellationToken cancellationToken);

    /// <summary>Stores the push subscription, or that there is none; false if the session has changed since it was read.</summary>
    Task<bool> TrySubscribeAsync(Session session, RowVersion expected, CancellationToken cancellationToken);

    /// <summary>Removes a session that is over; false if it has changed. A null entry means that its end is in the log.</summary>
    Task<bool> TryRemoveAsync(StoredSession session, LogEntry? entry, CancellationToken cancellationToken);
}
