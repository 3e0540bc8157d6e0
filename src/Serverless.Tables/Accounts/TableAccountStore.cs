namespace Serverless.Tables.Accounts;

/// <summary>An account and the throttle of its email in one partition, so that a login reads both at once.</summary>
internal sealed class TableAccountStore(TableSet tables, UnreadableRows unreadable) : IAccountStore
{
    private readonly TableClient _table = tables.Accounts;
    private readonly RowReader _reader = new(unreadable, tables.Accounts.Name);

    public async Task<StoredAccount> ReadAsync(AccountKey key, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {key.Value}");
        var rows = StorageCall.ReadAllAsync(
            _table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken), cancellationToken);

        var file = new StoredAccount(null, Throttle.Clear);
        await foreach (var row in rows)
        {
            if (row.RowKey == AccountKeys.Account(key))
                file = file with { Account = _reader.Read(row, AccountRow.Read) };
            else if (row.RowKey == AccountKeys.Throttle(key))
                file = file with { Throttle = _reader.Read(row, AccountRow.ReadThrottle) };
        }

        return file;
    }

    public async Task<AccountPage> ListAsync(AccountKey? after, int limit, CancellationToken cancellationToken)
    {
        var rows = AccountKeys.Accounts;
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey gt {after?.Value ?? ""} and RowKey ge {rows.From} and RowKey lt {rows.To}");
        // One account more than the limit tells whether there is another page.
        var found = _table.QueryAsync<TableEntity>(filter, maxPerPage: limit + 1, cancellationToken: cancellationToken);
        var read = await _reader.ReadAllAsync(StorageCall.ReadAllAsync(found, cancellationToken), AccountRow.Read).Take(limit + 1)
            .ToListAsync(cancellationToken);
        var accounts = read.Take(limit).ToList();
        return new(accounts, read.Count > limit ? accounts[^1].Email.ToAccountKey() : null);
    }

    public async Task<bool> TryAddAsync(Account account, CancellationToken cancellationToken)
    {
        var answer = await StorageCall.SendAsync(
            _table.AddEntityAsync(AccountRow.Write(account), cancellationToken), cancellationToken);
        if (answer.Done)
            return true;
        // The user id is new, so an account with it is ours: the reply to an earlier try was lost.
        var file = await ReadAsync(account.Email.ToAccountKey(), cancellationToken);
        return file.Account?.Id == account.Id;
    }

    public async Task<bool> TryReplaceAsync(Account account, CancellationToken cancellationToken)
    {
        // Without an ETag the write would be unconditional.
        if (account.Version is not { } version)
            return false;
        var answer = await StorageCall.SendAsync(
            _table.UpdateEntityAsync(
                AccountRow.Write(account), new ETag(version.Value), TableUpdateMode.Replace, cancellationToken),
            cancellationToken);
        return answer.Done;
    }

    public async Task<bool> TrySaveAsync(AccountKey key, Throttle throttle, CancellationToken cancellationToken)
    {
        var row = AccountRow.WriteThrottle(key, throttle);
        var save = throttle.Version is { } version
            ? _table.UpdateEntityAsync(row, new ETag(version.Value), TableUpdateMode.Replace, cancellationToken)
            : _table.AddEntityAsync(row, cancellationToken);
        return (await StorageCall.SendAsync(save, cancellationToken)).Done;
    }
}
