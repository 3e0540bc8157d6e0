using Serverless.Sessions.Accounts;
using Serverless.Sessions.AuditLog;
using Serverless.Sessions.Ending;
using Serverless.Sessions.Mailbox;
using Serverless.Sessions.Refresh;
using Serverless.Sessions.Storage;
using Serverless.Sessions.Text;

namespace Serverless.Sessions.Sessions;

/// <summary>
/// Where sessions and their log are kept. Each change takes its log entry along and happens whole or not at all. Every method
/// throws <see cref="StorageUnavailableException"/> for an outage; the answers that the rules expect are values.
/// </summary>
public interface ISessionStore
{
    /// <summary>Opens the first epoch of a new account: logins that saw it may open sessions. Should the request arrive once more, when
    /// that epoch has been closed, it does nothing.</summary>
    Task OpenFirstEpochAsync(Account account, CancellationToken cancellationToken);

    /// <summary>Takes back the first epoch of an account that isn't made after all.</summary>
    Task TakeFirstEpochBackAsync(Account account, CancellationToken cancellationToken);

    /// <summary>Opens the epoch that a change moves an account to, behind the one that it has: an epoch that the
    /// account has had is closed only once the one before it is, so a request that arrives after that opens it no more.</summary>
    /// <param name="changed">The account with its next epoch.</param>
    /// <param name="behind">The epoch before; null where somebody took it away by hand: then nothing is demanded.</param>
    /// <returns>False where the epoch before is closed: another change was faster.</returns>
    Task<bool> TryOpenEpochAsync(Account changed, Ulid? behind, CancellationToken cancellationToken);

    /// <summary>The key of a user's account, which stands beside its epoch; null for a user that doesn't exist.</summary>
    Task<AccountKey?> FindAccountKeyAsync(UserId user, CancellationToken cancellationToken);

    /// <summary>The epochs of an account that are open: its own, and those that changes left which died before they moved it.</summary>
    Task<IReadOnlyList<Ulid>> ListEpochsAsync(UserId user, CancellationToken cancellationToken);

    /// <summary>Closes an epoch: a login that saw it fails from now on. Closing it twice is closing it once, and its entry is
    /// logged once.</summary>
    /// <param name="epoch">Which; null where there is none to close, and only the entry is to be logged.</param>
    /// <param name="entry">The entry of the change that closes it; null for none.</param>
    Task CloseEpochAsync(UserId user, Ulid? epoch, LogEntry? entry, CancellationToken cancellationToken);

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

    /// <summary>Remembers when a session was heard from, without touching the session.</summary>
    /// <returns>False where its presence is gone: the session has ended.</returns>
    Task<bool> TryBeatAsync(UserId user, SessionId session, DateTimeOffset seenAt, CancellationToken cancellationToken);

    /// <summary>When any session of a user was last heard from, in one read; null where there is none.</summary>
    Task<DateTimeOffset?> FindLastSeenAsync(UserId user, CancellationToken cancellationToken);

    /// <summary>Stores the roles of a session.</summary>
    /// <returns>Whether it was still as it was when read; false means: read again and decide anew.</returns>
    Task<bool> TryPropagateRolesAsync(Session session, RowVersion expected, LogEntry entry, CancellationToken cancellationToken);

    /// <summary>Removes a session that is over; <paramref name="entry"/> is null for one whose ending is in the log already.</summary>
    /// <returns>Whether it was still as it was when read.</returns>
    Task<bool> TryRemoveAsync(StoredSession session, LogEntry? entry, CancellationToken cancellationToken);

    /// <summary>Adds an entry that goes with no change of a session: a failed login.</summary>
    Task AppendAsync(LogOwner owner, LogEntry entry, CancellationToken cancellationToken);

    /// <summary>A page of a log, newest entry first. New entries don't move the pages after it.</summary>
    /// <param name="owner">Whose log.</param>
    /// <param name="after">The entry that the page before ended with; null for the first page.</param>
    /// <param name="limit">How many entries at the most.</param>
    Task<LogPage> ReadLogAsync(LogOwner owner, LogPosition? after, int limit, CancellationToken cancellationToken);

    /// <summary>All log entries about one session of a user, newest first, and the mark of those that retention has removed.</summary>
    Task<SessionLog> ReadLogOfAsync(UserId user, SessionId session, CancellationToken cancellationToken);
}
