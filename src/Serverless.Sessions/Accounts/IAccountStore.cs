namespace Serverless.Sessions.Accounts;

/// <summary>Stores accounts, and beside each what belongs to its email with or without an account. Methods that return a bool
/// return false if a row has changed since it was read.</summary>
public interface IAccountStore
{
    /// <summary>Reads everything that a login needs to know about an email, with or without an account, in one read.</summary>
    Task<StoredAccount> ReadAsync(AccountKey key, CancellationToken cancellationToken);

    /// <summary>Omits accounts that have moved or are being erased.</summary>
    Task<AccountPage> ListAsync(AccountKey? after, int limit, CancellationToken cancellationToken);

    /// <summary>Adds an account, all or nothing with what is written along; also false if the email is taken.</summary>
    Task<bool> TryAddAsync(Account account, AccountWrites? along, CancellationToken cancellationToken);
    Task<bool> TryReplaceAsync(Account account, AccountWrites? along, CancellationToken cancellationToken);
    Task<bool> TryRemoveAsync(Account account, CancellationToken cancellationToken);
    Task<bool> TryWriteAsync(AccountKey key, AccountWrites writes, CancellationToken cancellationToken);

    /// <summary>Removes one that is clear.</summary>
    Task<bool> TrySaveAsync(AccountKey key, Throttle throttle, CancellationToken cancellationToken);

    Task<MailIntent?> FindIntentAsync(AccountKey key, Guid id, CancellationToken cancellationToken);

    /// <summary>Ignores an intent that is gone.</summary>
    Task RemoveIntentAsync(AccountKey key, Guid id, CancellationToken cancellationToken);
}

public sealed record StoredAccount(
    Account? Account, Throttle Throttle, AccountToken? Verify = null, AccountToken? Reset = null)
{
    public AccountToken? Find(TokenPurpose purpose) => purpose == TokenPurpose.Verify ? Verify : Reset;
}

/// <summary>What is written in the transaction of an account, or alone: a token, which replaces that of its purpose and version, and
/// without a version is added where there is none, unless it <c>ReplacesAny</c>; the use of a token, which fails if it was used or
/// replaced meanwhile; a mail; a throttle, if it is as it was read.</summary>
public sealed record AccountWrites(
    AccountToken? Issue = null, AccountToken? Use = null, MailIntent? Mail = null, bool ClearThrottle = false, bool ReplacesAny = false,
    Throttle? Throttle = null);

/// <summary>A page of all accounts, in no meaningful order; <c>Next</c> is null on the last page.</summary>
public sealed record AccountPage(IReadOnlyList<Account> Accounts, AccountKey? Next);
