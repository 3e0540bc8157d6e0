namespace Serverless.Sessions.Accounts;

/// <summary>Stores accounts. Every method throws <see cref="StorageUnavailableException"/> on an outage.</summary>
public interface IAccountStore
{
    /// <summary>Everything that a login needs to know about an email, in one read, with or without an account.</summary>
    Task<StoredAccount> ReadAsync(AccountKey key, CancellationToken cancellationToken);

    /// <summary>A page of all accounts.</summary>
    /// <param name="after">The last account of the previous page; null for the first page.</param>
    Task<AccountPage> ListAsync(AccountKey? after, int limit, CancellationToken cancellationToken);

    /// <summary>Adds an account whose epoch is already open; false if the email is taken.</summary>
    Task<bool> TryAddAsync(Account account, CancellationToken cancellationToken);

    /// <summary>Replaces an account; false if it has changed since it was read: read again and decide anew.</summary>
    Task<bool> TryReplaceAsync(Account account, CancellationToken cancellationToken);

    /// <summary>Stores a throttle; false if it has changed since it was read: read again and decide anew.</summary>
    Task<bool> TrySaveAsync(AccountKey key, Throttle throttle, CancellationToken cancellationToken);
}

/// <summary>What storage holds about an email: its failed logins, and its account, if any.</summary>
public sealed record StoredAccount(Account? Account, Throttle Throttle);
