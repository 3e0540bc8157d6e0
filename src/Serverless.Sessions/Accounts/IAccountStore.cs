using Serverless.Sessions.Login;
using Serverless.Sessions.Storage;

namespace Serverless.Sessions.Accounts;

/// <summary>Where accounts are kept. Every method throws <see cref="StorageUnavailableException"/> for an outage.</summary>
public interface IAccountStore
{
    /// <summary>All that a login needs to know about an email, in one read, whether or not there is an account.</summary>
    Task<AccountFile> ReadAsync(AccountKey key, CancellationToken cancellationToken);

    /// <summary>A page of all accounts.</summary>
    /// <param name="after">The account that the page before ended with; null for the first page.</param>
    /// <param name="limit">How many accounts at the most.</param>
    Task<AccountPage> ListAsync(AccountKey? after, int limit, CancellationToken cancellationToken);

    /// <summary>Adds an account whose epoch is open already.</summary>
    /// <returns>Whether the email was free.</returns>
    Task<bool> TryAddAsync(Account account, CancellationToken cancellationToken);

    /// <summary>Replaces an account.</summary>
    /// <returns>Whether it was still as it was when read; false means: read again and decide anew.</returns>
    Task<bool> TryReplaceAsync(Account account, CancellationToken cancellationToken);

    /// <summary>Stores a throttle.</summary>
    /// <returns>Whether it was still as it was when read; false means: read again and decide anew.</returns>
    Task<bool> TrySaveAsync(AccountKey key, Throttle throttle, CancellationToken cancellationToken);
}

/// <summary>What storage holds about an email.</summary>
/// <param name="Account">The account, if there is one.</param>
/// <param name="Throttle">The failed logins, also where there is no account.</param>
public sealed record AccountFile(Account? Account, Throttle Throttle);
