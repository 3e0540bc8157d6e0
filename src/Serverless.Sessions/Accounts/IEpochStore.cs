namespace Serverless.Sessions.Accounts;

/// <summary>
/// Stores the open epochs of accounts: a login opens a session only while the epoch that it saw is open. Every method throws
/// <see cref="StorageUnavailableException"/> for an outage.
/// </summary>
public interface IEpochStore
{
    /// <summary>Opens the first epoch of a new account, so that logins that read it may open sessions. Delivered again after that
    /// epoch was closed, the request does nothing.</summary>
    Task OpenFirstEpochAsync(Account account, CancellationToken cancellationToken);

    /// <summary>Withdraws the first epoch of an account that isn't created after all.</summary>
    Task RemoveFirstEpochAsync(Account account, CancellationToken cancellationToken);

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
}
