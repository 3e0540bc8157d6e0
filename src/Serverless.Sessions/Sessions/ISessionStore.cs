using Serverless.Sessions.Accounts;
using Serverless.Sessions.AuditLog;
using Serverless.Sessions.Ending;
using Serverless.Sessions.Mailbox;
using Serverless.Sessions.Refresh;
using Serverless.Sessions.Storage;
using Serverless.Sessions.Text;

namespace Serverless.Sessions.Sessions;

/// <summary>Stores sessions and logs. Each change and its log entry succeed or fail together. Every method throws
/// <see cref="StorageUnavailableException"/> on an outage; answers that the rules expect are values.</summary>
public interface ISessionStore
{
    /// <summary>Opens the first epoch of a new account, so that logins that read it may open sessions. Delivered again after that
    /// epoch was closed, the request does nothing.</summary>
    Task OpenFirstEpochAsync(Account account, CancellationToken cancellationToken);

    /// <summary>Withdraws the first epoch of an account that isn't created after all.</summary>
    Task TakeFirstEpochBackAsync(Account account, CancellationToken cancellationToken);

    /// <summary>Opens the epoch that a change moves an account to. An epoch is closed only after the previous one, so a request
    /// that is delivered again after that can't reopen it.</summary>
    /// <param name="behind">The previous epoch, which must be open; null, for no condition, if an operator removed it.</param>
    /// <returns>False if the previous epoch is closed: another change was faster.</returns>
    Task<bool> TryOpenEpochAsync(Account changed, Ulid? behind, CancellationToken cancellationToken);

    /// <summary>The key of a user's account, stored beside its epoch; null if the user doesn't exist.</summary>
    Task<AccountKey?> FindAccountKeyAsync(UserId user, CancellationToken cancellationToken);

    /// <summary>The open epochs of an account: its own, and those of changes that died before they moved it.</summary>
    Task<IReadOnlyList<Ulid>> ListEpochsAsync(UserId user, CancellationToken cancellationToken);

    /// <summary>Closes an epoch, so that logins that saw it fail. Idempotent: an entry is logged once.</summary>
    /// <param name="epoch">The epoch; null to log only the entry.</param>
    Task CloseEpochAsync(UserId user, Ulid? epoch, LogEntry? entry, CancellationToken cancellationToken);

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

    /// <summary>Records when a session was last seen, beside its row; false if the session has ended.</summary>
    Task<bool> TryBeatAsync(UserId user, SessionId session, DateTimeOffset seenAt, CancellationToken cancellationToken);

    /// <summary>When any session of a user was last seen, in one read; null if there is none.</summary>
    Task<DateTimeOffset?> FindLastSeenAsync(UserId user, CancellationToken cancellationToken);

    /// <summary>Stores a session's roles; false if it has changed since it was read: read again and decide anew.</summary>
    Task<bool> TryPropagateRolesAsync(Session session, RowVersion expected, LogEntry entry, CancellationToken cancellationToken);

    /// <summary>Removes a session that is over; false if it has changed. No entry if its end is already in the log.</summary>
    Task<bool> TryRemoveAsync(StoredSession session, LogEntry? entry, CancellationToken cancellationToken);

    /// <summary>Adds an entry without a session change: a failed login.</summary>
    Task AppendAsync(LogOwner owner, LogEntry entry, CancellationToken cancellationToken);

    /// <summary>A page of a log, newest first. New entries don't shift the pages that follow.</summary>
    /// <param name="after">The last entry of the previous page; null for the first page.</param>
    Task<LogPage> ReadLogAsync(LogOwner owner, LogPosition? after, int limit, CancellationToken cancellationToken);

    /// <summary>All log entries about one session, newest first, and its checkpoint, if retention removed any.</summary>
    Task<SessionLog> ReadLogOfAsync(UserId user, SessionId session, CancellationToken cancellationToken);
}
