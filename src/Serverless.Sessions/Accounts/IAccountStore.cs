namespace Serverless.Sessions.Accounts;

/// <summary>Stores accounts. Replacing and saving return false if the row has changed since it was read.</summary>
public interface IAccountStore
{
    /// <summary>Reads everything that a login needs to know about an email, with or without an account, in one read.</summary>
    Task<StoredAccount> ReadAsync(AccountKey key, CancellationToken cancellationToken);
    Task<AccountPage> ListAsync(AccountKey? after, int limit, CancellationToken cancellationToken);

    /// <summary>Adds an account whose epoch is already open; false if the email is taken.</summary>
    Task<bool> TryAddAsync(Account account, CancellationToken cancellationToken);
    Task<bool> TryReplaceAsync(Account account, CancellationToken cancellationToken);
    Task<bool> TrySaveAsync(AccountKey key, Throttle throttle, CancellationToken cancellationToken);
}

public sealed record StoredAccount(Account? Account, Throttle Throttle);

/// <summary>A page of all accounts, in no meaningful order; <c>Next</c> is null on the last page.</summary>
public sealed record AccountPage(IReadOnlyList<Account> Accounts, AccountKey? Next);
