namespace Serverless.Tables.Timeline;

internal static class TimelineBatches
{
    public const int Maximum = 100;

    /// <summary>Splits rows, which come in order of their partitions: a transaction is of one partition.</summary>
    public static async IAsyncEnumerable<IReadOnlyList<TimelineRow<T>>> BatchAsync<T>(IAsyncEnumerable<TimelineRow<T>> rows)
    {
        List<TimelineRow<T>> batch = [];
        await foreach (var row in rows)
        {
            if (batch.Count == Maximum || (batch.Count > 0 && batch[0].Partition != row.Partition))
            {
                yield return batch;
                batch = [];
            }

            batch.Add(row);
        }

        if (batch.Count > 0)
            yield return batch;
    }

    public static async Task RemoveAsync(
        TableClient table, string partition, IReadOnlyList<string> rows, CancellationToken cancellationToken)
    {
        var together = await StorageCall.SendAsync(
            table.SubmitTransactionAsync(
                rows.Select(row => new TableTransactionAction(TableTransactionActionType.Delete, new TableEntity(partition, row), ETag.All)),
                cancellationToken),
            cancellationToken);
        if (together.Done)
            return;

        // Another run removed some of them: remove the rest one by one.
        foreach (var row in rows)
        {
            await StorageCall.SendAsync(table.DeleteEntityAsync(partition, row, ETag.All, cancellationToken), cancellationToken);
        }
    }
}

internal sealed record TimelineRow<T>(string Partition, DateTimeOffset Hour, string Row, T Value)
{
    public static TimelineRow<T> Read(StoredRow row, Func<StoredRow, T> read)
    {
        StoredRow.Require(TimelineKeys.TryReadHour(row.PartitionKey, out var hour));
        return new(row.PartitionKey, hour, row.RowKey, read(row));
    }
}
