namespace Serverless.Tables.Timeline;

internal sealed class TableSuspiciousIpStore(TableSet tables, UnreadableRows unreadable) : ISuspiciousIpStore
{
    private readonly StoredTable _table = new(tables.Security, unreadable);

    // Merges, to keep an administrator's acknowledgement.
    public Task FlagAsync(SuspiciousIp address, CancellationToken cancellationToken) =>
        _table.UpsertAsync(SuspiciousIpRow.Write(address), TableUpdateMode.Merge, cancellationToken);

    public IAsyncEnumerable<SuspiciousIp> ListAsync(CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {SecurityKeys.IpPartition}");
        return _table.ReadAsync(filter, SuspiciousIpRow.Read, cancellationToken);
    }

    public async Task<bool> TryAcknowledgeAsync(
        string addressGroup, Acknowledgement acknowledgement, CancellationToken cancellationToken)
    {
        var tries = new Retries(TimeProvider.System);
        while (await _table.FindAsync(SecurityKeys.IpPartition, addressGroup, cancellationToken) is { } row)
        {
            if (!_table.TryRead(row, SuspiciousIpRow.Read, out var flag))
                return false;
            var noted = SuspiciousIpRow.ForAcknowledgement(addressGroup, acknowledgement);
            if (flag.Acknowledged is not null || await _table.TryMergeAsync(noted, row.Version.ToETag(), cancellationToken))
                return true;
            await tries.NextAsync(cancellationToken);
        }

        return false;
    }

    public async Task<int> RemoveExpiredAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {SecurityKeys.IpPartition} and ExpiresAt le {now}");
        var removed = 0;
        foreach (var row in await _table.ReadAsync(filter, row => row, cancellationToken).ToListAsync(cancellationToken))
        {
            // With the version that was read, so a renewed flag stays.
            if (await _table.TryDeleteAsync(row.PartitionKey, row.RowKey, row.Version.ToETag(), cancellationToken))
                removed++;
        }

        return removed;
    }

    // An unreadable flag counts as none; the address is flagged again when due.
    public async Task<SuspiciousIp?> FindAsync(string addressGroup, CancellationToken cancellationToken) =>
        await _table.FindAsync(SecurityKeys.IpPartition, addressGroup, cancellationToken) is { } row
        && _table.TryRead(row, SuspiciousIpRow.Read, out var flag)
            ? flag
            : null;
}
