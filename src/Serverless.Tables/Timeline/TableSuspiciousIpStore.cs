namespace Serverless.Tables.Timeline;

internal sealed class TableSuspiciousIpStore(TableSet tables) : ISuspiciousIpStore
{
    // Merges, to keep an administrator's acknowledgement.
    public Task FlagAsync(SuspiciousIp address, CancellationToken cancellationToken) =>
        tables.Security.UpsertAsync(SuspiciousIpRow.Write(address), cancellationToken, TableUpdateMode.Merge);

    public IAsyncEnumerable<SuspiciousIp> ListAsync(CancellationToken cancellationToken) => tables.Security.ReadAsync(
        TableClient.CreateQueryFilter($"PartitionKey eq {SecurityKeys.IpPartition}"), SuspiciousIpRow.Read, cancellationToken);

    public async Task<bool?> TryAcknowledgeAsync(
        string addressGroup, Acknowledgement? acknowledgement, CancellationToken cancellationToken)
    {
        var tries = new Retries(TimeProvider.System);
        while (await tables.Security.FindAsync(SecurityKeys.IpPartition, addressGroup, cancellationToken) is { } row)
        {
            if (!tables.Security.TryRead(row, SuspiciousIpRow.Read, out var flag))
                return null;
            if ((flag.Acknowledged is null) == (acknowledgement is null))
                return false;
            // A merge removes no columns.
            var isDone = acknowledgement is null
                ? await tables.Security.TrySaveAsync(SuspiciousIpRow.Write(flag), row.Version, cancellationToken)
                : await tables.Security.TryMergeAsync(
                    SuspiciousIpRow.ForAcknowledgement(addressGroup, acknowledgement), row.Version, cancellationToken);
            if (isDone)
                return true;
            await tries.NextAsync(cancellationToken);
        }

        return null;
    }

    public async Task<int> RemoveExpiredAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {SecurityKeys.IpPartition} and ExpiresAt le {now}");
        var removed = 0;
        var expired = await tables.Security.ReadAsync(filter, row => row, cancellationToken).ToListAsync(cancellationToken);
        foreach (var row in expired)
        {
            // With the version that was read, so a renewed flag stays.
            if (await tables.Security.TryDeleteAsync(row.PartitionKey, row.RowKey, row.Version, cancellationToken))
                removed++;
        }

        return removed;
    }

    // An unreadable flag counts as none; the address is flagged again when due.
    public async Task<SuspiciousIp?> FindAsync(string addressGroup, CancellationToken cancellationToken) =>
        await tables.Security.FindAsync(SecurityKeys.IpPartition, addressGroup, cancellationToken) is { } row
        && tables.Security.TryRead(row, SuspiciousIpRow.Read, out var flag)
            ? flag : null;
}
