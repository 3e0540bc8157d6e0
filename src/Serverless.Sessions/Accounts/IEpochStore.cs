namespace Serverless.Sessions.Accounts;

/// <summary>Stores the open epochs of accounts: a login opens a session only while the epoch that it saw is open.</summary>
public interface IEpochStore
{
    /// <summary>Opens the first epoch of a new account. Does nothing if delivered again after that epoch was closed.</summary>
    Task OpenFirstEpochAsync(Account account, CancellationToken cancellationToken);
    Task RemoveFirstEpochAsync(Account account, CancellationToken cancellationToken);

    /// <summary>Opens the epoch that a change moves an account to; false if <paramref name="behind"/>, the previous one, is
    /// closed. Null, if an operator removed that, sets no condition. A request that is delivered again can't reopen an epoch,
    /// since it is closed only after the previous one.</summary>
    Task<bool> TryOpenEpochAsync(Account changed, Ulid? behind, CancellationToken cancellationToken);
    Task<AccountKey?> FindAccountKeyAsync(UserId user, CancellationToken cancellationToken);

    /// <summary>Lists the account's own epoch, and those of changes that died before they moved it.</summary>
    Task<IReadOnlyList<Ulid>> ListEpochsAsync(UserId user, CancellationToken cancellationToken);

    /// <summary>Closes all open epochs and opens that of the account under its new address, with the entry: before it only the former
    /// address opens sessions, after it only the new one. False if another is open, or the entry is stored.</summary>
    Task<bool> TryMoveEpochAsync(Account moved, IReadOnlyList<Ulid> open, LogEntry entry, CancellationToken cancellationToken);

    /// <summary>Closes an epoch, so that logins that saw it fail; null only logs the entry, which is logged once.</summary>
    Task CloseEpochAsync(UserId user, Ulid? epoch, LogEntry? entry, CancellationToken cancellationToken);
}
