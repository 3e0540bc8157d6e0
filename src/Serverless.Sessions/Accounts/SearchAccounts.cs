namespace Serverless.Sessions.Accounts;

/// <summary>Finds accounts by the beginning of their emails, in the order of these.</summary>
public sealed class SearchAccounts(IEmailIndex index, IAccountStore accounts, TimeProvider clock)
{
    /// <summary>Reads as many emails as a page may have, so it has fewer accounts where emails without one are left over, or don't match in
    /// Unicode.</summary>
    /// <param name="prefix">How the emails begin.</param>
    /// <param name="after">The last email that was read.</param>
    /// <param name="limit">The most accounts.</param>
    public async Task<(IReadOnlyList<Account> Accounts, EmailPosition? Next)> ExecuteAsync(
        EmailPrefix prefix, EmailPosition? after, int limit, CancellationToken cancellationToken)
    {
        var page = await index.ReadAsync(prefix.Indexed, after, limit, cancellationToken);
        var found = await Concurrently.FindAsync(page.Emails, FindAsync, cancellationToken);
        return ([.. found.Where(account => prefix.Begins(account.Email))], page.Next);
    }

    private async Task<Account?> FindAsync(EmailPosition email, CancellationToken cancellationToken)
    {
        var account = (await accounts.ReadAsync(email.Account, cancellationToken)).Account;
        // An account that is being erased takes its email along.
        if (account is null or { State: AccountState.Moved })
            await RemoveAsync(email, cancellationToken);
        return account is { State: AccountState.Moved or AccountState.Erasing } ? null : account;
    }

    private async Task RemoveAsync(EmailPosition email, CancellationToken cancellationToken)
    {
        try
        {
            await index.TryRemoveAsync(email, clock.GetUtcNow(), cancellationToken);
        }
        catch (StorageUnavailableException)
        {
            // The next search that meets it removes it.
        }
    }
}
