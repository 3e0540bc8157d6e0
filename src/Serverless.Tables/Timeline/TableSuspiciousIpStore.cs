namespace Serverless.Tables.Timeline;

internal sealed class TableSuspiciousIpStore(TableSet tables, UnreadableRows unreadable) : ISuspiciousIpStore
{
    private readonly TableClient _table = tables.Security;
    private readonly RowReader _reader = new(unreadable, tables.Security.Name);

    // Merges, to keep an administrator's acknowledgement.
    public Task FlagAsync(SuspiciousIp address, CancellationToken cancellationToken) => StorageCall.SendAsync(
        _table.UpsertEntityAsync(SuspiciousIpRow.Write(address), TableUpdateMode.Merge, cancellationToken), cancellationToken);

    public IAsyncEnumerable<SuspiciousIp> ListAsync(CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {SecurityKeys.IpPartition}");
        var found = _table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken);
        return _reader.ReadAllAsync(StorageCall.ReadAllAsync(found, cancellationToken), SuspiciousIpRow.Read);
    }

    public async Task<bool> TryAcknowledgeAsync(
        string addressGroup, Acknowledgement acknowledgement, CancellationToken cancellationToken)
    {
        var tries = new Retries(TimeProvider.System);
        while (await FindAsync(SecurityKeys.IpPartition, addressGroup, cancellationToken) is { } row)
        {
            if (!_reader.TryRead(row, SuspiciousIpRow.Read, out var flag))
                return false;
            if (flag!.Acknowledged is not null)
                return true;
            var answer = await StorageCall.SendAsync(
                _table.UpdateEntityAsync(
                    SuspiciousIpRow.ForAcknowledgement(addressGroup, acknowledgement), row.ETag, TableUpdateMode.Merge, cancellationToken),
                cancellationToken);
            if (answer.Done)
                return true;
            await tries.NextAsync(cancellationToken);
        }

        return false;
    }

    public async Task<int> RemoveExpiredAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {SecurityKeys.IpPartition} and ExpiresAt le {now}");
        var expired = await StorageCall.ReadAllAsync(
            _table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken), cancellationToken)
            .ToListAsync(cancellationToken);
        var removed = 0;
        foreach (var row in expired)
        {
            // With the ETag that was read, so a renewed flag stays.
            var answer = await StorageCall.SendAsync(
                _table.DeleteEntityAsync(row.PartitionKey, row.RowKey, row.ETag, cancellationToken), cancellationToken);
            removed += answer.Done ? 1 : 0;
        }

        return removed;
    }

    // An unreadable flag counts as none; the address is flagged again when due.
    public async Task<SuspiciousIp?> FindAsync(string addressGroup, CancellationToken cancellationToken) =>
        await FindAsync(SecurityKeys.IpPartition, addressGroup, cancellationToken) is { } row
        && _reader.TryRead(row, SuspiciousIpRow.Read, out var flag)
            ? flag
            : null;

    private async Task<TableEntity?> FindAsync(string partition, string row, CancellationToken cancellationToken)
    {
        var answer = await StorageCall.SendAsync(
            _table.GetEntityAsync<TableEntity>(partition, row, cancellationToken: cancellationToken), cancellationToken);
        return answer.Value?.Value;
    }
}
