namespace Serverless.Sessions.Accounts;

/// <summary>Lists all accounts. Those of a release without the index of emails are added to it.</summary>
public sealed class ListAccounts(IAccountStore accounts, IEmailIndex index, TimeProvider clock)
{
    public async Task<AccountPage> ExecuteAsync(AccountKey? after, int limit, CancellationToken cancellationToken)
    {
        var page = await accounts.ListAsync(after, limit, cancellationToken);
        try
        {
            await Concurrently.SelectAsync([.. page.Accounts.Where(account => !account.IsIndexed)], AddAsync, cancellationToken);
        }
        catch (StorageUnavailableException)
        {
            // They are added when they are listed again.
        }

        return page;
    }

    // One that has changed since it was read is added when it is listed again.
    private async Task<bool> AddAsync(Account account, CancellationToken cancellationToken)
    {
        await index.AddAsync(EmailPosition.Of(account.Email), clock.Now(), cancellationToken);
        return await accounts.TryReplaceAsync(account with { IsIndexed = true }, null, cancellationToken);
    }
}
