namespace Serverless.Tables.Accounts;

internal sealed class TablePersonalDataStore(TableSet tables) : IPersonalDataStore
{
    // A row of activity may be removed and added under another key.
    private const int ActivitiesAtOnce = StoredTable.MostAtOnce / 2;

    public Task<IReadOnlyList<LoggedRow>> ReadLogAsync(LogOwner owner, CancellationToken cancellationToken) =>
        tables.Sessions.ReadFirstAsync(
            LogKeys.Entries.FilterRows(owner.Key), IPersonalDataStore.MostAtOnce,
            row => new LoggedRow(row.RowKey, LogKeys.ReadEntryTime(row.RowKey), new(row[nameof(LogEntry.Action)] as string ?? "")),
            cancellationToken, [.. StoredTable.KeyColumns, nameof(LogEntry.Action)]);

    public async Task RemoveAsync(LogOwner owner, IReadOnlyList<LoggedRow> rows, CancellationToken cancellationToken)
    {
        foreach (var chunk in rows.Chunk(StoredTable.MostAtOnce))
            await tables.Sessions.RemoveAsync(owner.Key, [.. chunk.Select(row => row.Row)], cancellationToken);
    }

    public async Task AnonymizeActivityAsync(
        UserId user, AccountKey account, DateTimeOffset hour, CancellationToken cancellationToken)
    {
        await Task.WhenAll(Enumerable.Range(0, tables.Shards).Select(async shard =>
        {
            var hours = TimelineKeys.Of(TimelineKeys.ActivityKind, shard, hour, hour);
            var about = TableClient.CreateQueryFilter($"UserId eq {user.ToString()} or AccountKey eq {account.Value}");
            var rows = await tables.Timeline.ReadAsync($"{hours.FilterPartitions()} and ({about})", row => row, cancellationToken)
                .ToListAsync(cancellationToken);
            foreach (var chunk in rows.Chunk(ActivitiesAtOnce))
            {
                if (await tables.Timeline.TrySubmitAsync(chunk.SelectMany(Anonymize), cancellationToken))
                    continue;
                // Retention or another run was first with some.
                foreach (var row in chunk)
                    await tables.Timeline.TrySubmitAsync(Anonymize(row), cancellationToken);
            }
        }));

        // What can't be read can't be kept without what is personal in it.
        IEnumerable<TableTransactionAction> Anonymize(StoredRow row)
        {
            var kept = tables.Timeline.TryRead(row, ActivityRow.Read, out var activity)
                ? ActivityRow.Write(activity.Anonymous(), row.PartitionKey) : null;
            if (kept?.RowKey != row.RowKey)
                yield return RowChange.Delete(row.PartitionKey, row.RowKey, row.Version);
            if (kept is not null)
                yield return kept.RowKey == row.RowKey ? RowChange.Save(kept, row.Version) : RowChange.Upsert(kept);
        }
    }

    public IAsyncEnumerable<SecurityEvent> ReadEventsAsync(
        UserId user, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var (rows, about) = (SecurityKeys.Events(from, to), TableClient.CreateQueryFilter($"UserId eq {user.ToString()}"));
        return tables.Security.ReadAsync(
            $"{rows.FilterRows(SecurityKeys.EventPartition)} and {about}", SecurityEventRow.Read, cancellationToken);
    }

    public async Task AnonymizeAsync(SecurityEvent personal, CancellationToken cancellationToken)
    {
        // Its delivery may be recorded meanwhile, in the same rows.
        for (var tries = new Retries(TimeProvider.System); ; await tries.NextAsync(cancellationToken))
        {
            var key = SecurityKeys.Event(personal.Position);
            if (await tables.Security.FindAsync(SecurityKeys.EventPartition, key, cancellationToken) is not { } row)
                return;
            var kept = tables.Security.Read(row, SecurityEventRow.Read).Anonymous();
            string[] copies = kept.Delivery == DeliveryState.DeadLetter
                ? [SecurityKeys.Event(kept.Kind, kept.Position), SecurityKeys.DeadLetter(kept.Position)]
                : [SecurityKeys.Event(kept.Kind, kept.Position)];
            var actions = copies.Select(copy => RowChange.Upsert(SecurityEventRow.Write(kept, copy)))
                .Prepend(RowChange.Save(SecurityEventRow.Write(kept, key), row.Version));
            if (await tables.Security.TrySubmitAsync(actions, cancellationToken))
                return;
        }
    }

    public async Task<bool> RemoveRowsAsync(LogOwner owner, CancellationToken cancellationToken)
    {
        var rows = await tables.Sessions.ReadFirstAsync(
            TableClient.CreateQueryFilter($"PartitionKey eq {owner.Key}"), IPersonalDataStore.MostAtOnce, row => row.RowKey,
            cancellationToken, StoredTable.KeyColumns);
        foreach (var chunk in rows.Chunk(StoredTable.MostAtOnce))
            await tables.Sessions.RemoveAsync(owner.Key, chunk, cancellationToken);
        return rows.Count < IPersonalDataStore.MostAtOnce;
    }

    public async Task<IReadOnlyList<MailIntent>> ReadMailsAsync(AccountKey account, CancellationToken cancellationToken) =>
        await tables.Accounts.ReadAsync(AccountKeys.Intents.FilterRows(account.Value), IntentRow.Read, cancellationToken)
            .ToListAsync(cancellationToken);

    public async Task RemoveBesideAsync(AccountKey account, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {account.Value} and RowKey ne {AccountKeys.Account(account)}");
        var rows = await tables.Accounts.ReadAsync(filter, row => row.RowKey, cancellationToken, select: StoredTable.KeyColumns)
            .ToListAsync(cancellationToken);
        foreach (var chunk in rows.Chunk(StoredTable.MostAtOnce))
            await tables.Accounts.RemoveAsync(account.Value, chunk, cancellationToken);
    }
}
