namespace Serverless.Tables.Outbox;

/// <summary>Messages in the timeline, in a partition for each hour in which they were created, so that a claim and its count are one
/// transaction.</summary>
internal sealed class TableOutboxStore(TableSet tables, TimeProvider clock) : IOutboxStore
{
    private readonly StoredTable _table = tables.Timeline;

    public Task ScheduleAsync(OutboxDue due, CancellationToken cancellationToken) =>
        _table.UpsertAsync(OutboxRow.Write(due), cancellationToken);

    public IAsyncEnumerable<OutboxDue> ReadDueAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        _table.ReadAsync(Filter(now.AddHours(1), TimelineKeys.RowsUpTo(now)), OutboxRow.Read, cancellationToken);

    // The key of a message holds its due time, so a missing row means that someone else has claimed it. A retry of the storage client
    // sees the same; then the message waits until it is due again.
    public async Task<OutboxClaim> TryClaimAsync(
        OutboxDue due, OutboxDue next, int? maximumPerHour, CancellationToken cancellationToken)
    {
        var partition = OutboxKeys.Partition(due.CreatedAt);
        TableTransactionAction[] claim = [RowChange.Delete(partition, OutboxKeys.Message(due)), RowChange.Add(OutboxRow.Write(next))];
        if (maximumPerHour is not { } maximum)
            return await _table.TrySubmitAsync(claim, cancellationToken) ? OutboxClaim.Claimed : OutboxClaim.Taken;
        for (var retries = new Retries(clock); ; await retries.NextAsync(cancellationToken))
        {
            var row = await _table.FindAsync(partition, OutboxKeys.Count(due.CreatedAt), cancellationToken);
            // One that can't be read is written anew.
            var count = row is not null && _table.TryRead(row, OutboxRow.ReadCount, out var read) ? read : 0;
            if (count >= maximum)
            {
                // It may be in the next hour by now, where an entry that is left over must not put it a second time.
                return await _table.FindAsync(partition, OutboxKeys.Message(due), cancellationToken) is null
                    ? OutboxClaim.Taken : OutboxClaim.LimitReached;
            }

            var counted = RowChange.Save(OutboxRow.WriteCount(due.CreatedAt, count + 1), row?.Version);
            var answer = await _table.SubmitAsync([.. claim, counted], cancellationToken);
            if (answer.Done)
                return OutboxClaim.Claimed;
            if (answer.Conflict == Conflict.NotFound)
                return OutboxClaim.Taken;
        }
    }

    public Task RemoveAsync(OutboxDue due, CancellationToken cancellationToken) => _table.TryDeleteAsync(
        OutboxKeys.Partition(due.CreatedAt), OutboxKeys.Message(due), null, cancellationToken);

    public async Task<int> RemoveCountsAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        var old = _table.ReadAsync(
            Filter(before, OutboxKeys.Counts), row => (row.PartitionKey, row.RowKey), cancellationToken, select: StoredTable.KeyColumns);
        var removed = 0;
        await foreach (var (partition, row) in old)
            removed += await _table.TryDeleteAsync(partition, row, null, cancellationToken) ? 1 : 0;
        return removed;
    }

    private static string Filter(DateTimeOffset before, KeyRange rows)
    {
        var hours = OutboxKeys.PartitionsBefore(before);
        return TableClient.CreateQueryFilter(
            $"PartitionKey ge {hours.From} and PartitionKey lt {hours.To} and RowKey ge {rows.From} and RowKey lt {rows.To}");
    }
}
