namespace Serverless.Sessions.Accounts;

/// <summary>Finds accounts by the beginning of their emails, in the order of these.</summary>
public sealed class SearchAccounts(IEmailIndex index, IAccountStore accounts, TimeProvider clock)
{
    /// <summary>Reads as many emails as a page may have, so it has fewer accounts where emails without one are left over.</summary>
    /// <param name="prefix">In <see cref="Email.NormalizePrefix">normal form</see>.</param>
    /// <param name="after">The last email that was read.</param>
    /// <param name="limit">The most accounts.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<(IReadOnlyList<Account> Accounts, EmailPosition? Next)> ExecuteAsync(
        string prefix, EmailPosition? after, int limit, CancellationToken cancellationToken)
    {
        var page = await index.ReadAsync(prefix, after, limit, cancellationToken);
        var found = await Concurrently.FindAsync(page.Emails, FindAsync, cancellationToken);
        return ([.. found.Where(account => account.Email.Value.StartsWith(prefix, StringComparison.Ordinal))], page.Next);
    }

    private async Task<Account?> FindAsync(EmailPosition email, CancellationToken cancellationToken)
    {
        var account = (await accounts.ReadAsync(email.Account, cancellationToken)).Account;
        // One that was added just now may be about to get its account. An account that is being erased takes its email along.
        if (account is null or { State: AccountState.Moved })
            await index.TryRemoveAsync(email, clock.GetUtcNow(), cancellationToken);
        return account is { State: AccountState.Moved or AccountState.Erasing } ? null : account;
    }
}
