namespace Serverless.Tables.Accounts;

/// <summary>An account and the throttle, tokens and mails of its email in one partition, so that a login reads them at once and a
/// change writes them together.</summary>
internal sealed class TableAccountStore(TableSet tables) : IAccountStore
{
    public async Task<StoredAccount> ReadAsync(AccountKey key, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {key.Value}");
        var file = new StoredAccount(null, Throttle.Clear);
        await foreach (var row in tables.Accounts.ReadAsync(filter, row => row, cancellationToken))
        {
            if (row.RowKey == AccountKeys.Account(key))
                file = file with { Account = Read(row) };
            else if (row.RowKey == AccountKeys.Throttle(key))
                file = file with { Throttle = tables.Accounts.Read(row, AccountRow.ReadThrottle) };
            else if (row.RowKey == AccountKeys.Token(key, TokenPurpose.Verify))
                file = file with { Verify = ReadToken(row, TokenPurpose.Verify) };
            else if (row.RowKey == AccountKeys.Token(key, TokenPurpose.Reset))
                file = file with { Reset = ReadToken(row, TokenPurpose.Reset) };
        }

        return file;
    }

    public async Task<AccountPage> ListAsync(AccountKey? after, int limit, CancellationToken cancellationToken)
    {
        var (rows, end) = (AccountKeys.Accounts, AccountKeys.IndexPartitions.From);
        var ofAccounts = TableClient.CreateQueryFilter(
            $"PartitionKey gt {after?.Value ?? ""} and PartitionKey lt {end} and RowKey ge {rows.From} and RowKey lt {rows.To}");
        var staying = TableClient.CreateQueryFilter($"State ne {nameof(AccountState.Moved)} and State ne {nameof(AccountState.Erasing)}");
        var (accounts, last) =
            await tables.Accounts.ReadPageAsync($"{ofAccounts} and {staying}", limit, AccountRow.Read, cancellationToken);
        return new(accounts, last?.Email.ToAccountKey());
    }

    public async Task<bool> TryAddAsync(Account account, AccountWrites? along, CancellationToken cancellationToken) =>
        await TrySaveAsync(account, null, along, cancellationToken)
        // The epoch is new, so an account with it is ours: the reply to an earlier try was lost.
        || (await ReadAsync(account.Email.ToAccountKey(), cancellationToken)).Account is { } stored
        && stored.Id == account.Id && stored.Epoch == account.Epoch;

    // Without a version the write would add the account.
    public async Task<bool> TryReplaceAsync(Account account, AccountWrites? along, CancellationToken cancellationToken) =>
        account.Version is { } version && await TrySaveAsync(account, version, along, cancellationToken);

    public async Task<bool> TryRemoveAsync(Account account, CancellationToken cancellationToken)
    {
        var key = account.Email.ToAccountKey();
        return account.Version is { } version
            && await tables.Accounts.TryDeleteAsync(key.Value, AccountKeys.Account(key), version, cancellationToken);
    }

    public Task<bool> TryWriteAsync(AccountKey key, AccountWrites writes, CancellationToken cancellationToken) =>
        tables.Accounts.TrySubmitAsync(ToActions(key, writes), cancellationToken);

    public Task<bool> TrySaveAsync(AccountKey key, Throttle throttle, CancellationToken cancellationToken) =>
        throttle is { IsClear: true, Version: { } version }
            ? tables.Accounts.TryDeleteAsync(key.Value, AccountKeys.Throttle(key), version, cancellationToken)
            : tables.Accounts.TrySaveAsync(AccountRow.Write(key, throttle), throttle.Version, cancellationToken);

    public Task<MailIntent?> FindIntentAsync(AccountKey key, Guid id, CancellationToken cancellationToken) =>
        tables.Accounts.FindAsync(key.Value, AccountKeys.Intent(id), IntentRow.Read, cancellationToken);

    public Task RemoveIntentAsync(AccountKey key, Guid id, CancellationToken cancellationToken) =>
        tables.Accounts.TryDeleteAsync(key.Value, AccountKeys.Intent(id), null, cancellationToken);

    private Task<bool> TrySaveAsync(Account account, RowVersion? version, AccountWrites? along, CancellationToken cancellationToken) =>
        along is null
            ? tables.Accounts.TrySaveAsync(AccountRow.Write(account), version, cancellationToken)
            : tables.Accounts.TrySubmitAsync(
                [RowChange.Save(AccountRow.Write(account), version), .. ToActions(account.Email.ToAccountKey(), along)], cancellationToken);

    // Without its password the account can still be disabled, or get another.
    private Account Read(StoredRow row)
    {
        var account = tables.Accounts.Read(row, AccountRow.Read);
        if (account.PasswordHash is { IsKnown: false })
            tables.Accounts.Report(row);
        return account;
    }

    // A token that can't be read must not lock its account out: it is replaced like one that has expired.
    private AccountToken ReadToken(StoredRow row, TokenPurpose purpose) =>
        tables.Accounts.TryRead(row, each => TokenRow.Read(each, purpose), out var token)
            ? token
            : new(purpose, Guid.Empty, DateTimeOffset.MinValue, default, Version: row.Version);

    private static IEnumerable<TableTransactionAction> ToActions(AccountKey key, AccountWrites writes)
    {
        if (writes.Issue is { } issue)
        {
            var row = TokenRow.Write(key, issue);
            yield return writes.ReplacesAny ? RowChange.Upsert(row) : RowChange.Save(row, issue.Version);
        }

        if (writes.Use is { Version: { } version } use)
            yield return RowChange.Delete(key.Value, AccountKeys.Token(key, use.Purpose), version);
        if (writes.Mail is { } mail)
            yield return RowChange.Add(IntentRow.Write(key, mail));
        if (writes.ClearThrottle)
            yield return RowChange.Upsert(AccountRow.Write(key, Throttle.Clear));
        if (writes.Throttle is { } throttle)
            yield return RowChange.Save(AccountRow.Write(key, throttle), throttle.Version);
    }
}
