using Serverless.Sessions.AuditLog;
using Serverless.Sessions.Storage;
using Serverless.Sessions.Text;

namespace Serverless.Sessions.Accounts;

/// <summary>
/// Stores the open epochs of accounts: a login opens a session only while the epoch that it saw is open. Every method throws
/// <see cref="StorageUnavailableException"/> for an outage.
/// </summary>
public interface IEpochStore
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
}
