namespace Serverless.Tables.Accounts;

/// <summary>An account and the throttle of its email in one partition, so that a login reads both at once.</summary>
internal sealed class TableAccountStore(TableSet tables) : IAccountStore
{
    public async Task<StoredAccount> ReadAsync(AccountKey key, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {key.Value}");
        var file = new StoredAccount(null, Throttle.Clear);
        await foreach (var row in tables.Accounts.ReadAsync(filter, row => row, cancellationToken))
        {
            if (row.RowKey == AccountKeys.Account(key))
                file = file with { Account = tables.Accounts.Read(row, AccountRow.Read) };
            else if (row.RowKey == AccountKeys.Throttle(key))
                file = file with { Throttle = tables.Accounts.Read(row, AccountRow.ReadThrottle) };
        }

        return file;
    }

    public async Task<AccountPage> ListAsync(AccountKey? after, int limit, CancellationToken cancellationToken)
    {
        var rows = AccountKeys.Accounts;
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey gt {after?.Value ?? ""} and RowKey ge {rows.From} and RowKey lt {rows.To}");
        var (accounts, last) = await tables.Accounts.ReadPageAsync(filter, limit, AccountRow.Read, cancellationToken);
        return new(accounts, last?.Email.ToAccountKey());
    }

    public async Task<bool> TryAddAsync(Account account, CancellationToken cancellationToken) =>
        await tables.Accounts.TrySaveAsync(AccountRow.Write(account), null, cancellationToken)
        // The user id is new, so an account with it is ours: the reply to an earlier try was lost.
        || (await ReadAsync(account.Email.ToAccountKey(), cancellationToken)).Account?.Id == account.Id;

    // Without a version the write would add the account.
    public async Task<bool> TryReplaceAsync(Account account, CancellationToken cancellationToken) =>
        account.Version is { } version
        && await tables.Accounts.TrySaveAsync(AccountRow.Write(account), version, cancellationToken);

    public Task<bool> TrySaveAsync(AccountKey key, Throttle throttle, CancellationToken cancellationToken) =>
        tables.Accounts.TrySaveAsync(AccountRow.Write(key, throttle), throttle.Version, cancellationToken);
}
