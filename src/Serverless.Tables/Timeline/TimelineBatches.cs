namespace Serverless.Tables.Timeline;

internal static class TimelineBatches
{
    /// <summary>Reads the hours that began before a time, one shard after the other.</summary>
    public static IAsyncEnumerable<IReadOnlyList<TimelineRow<T>>> ReadBeforeAsync<T>(
        this StoredTable timeline, char kind, int shards, DateTimeOffset time, Func<StoredRow, T> read,
        CancellationToken cancellationToken, string[]? select = null) =>
        Enumerable.Range(0, shards).ToAsyncEnumerable().SelectMany(shard =>
        {
            var hours = TimelineKeys.Before(kind, shard, time).FilterPartitions();
            return BatchAsync(timeline.ReadAsync(hours, row => TimelineRow<T>.Read(row, read), cancellationToken, select: select));
        });

    /// <summary>Splits rows, which come in order of their partitions: a transaction is of one partition.</summary>
    public static async IAsyncEnumerable<IReadOnlyList<TimelineRow<T>>> BatchAsync<T>(IAsyncEnumerable<TimelineRow<T>> rows)
    {
        List<TimelineRow<T>> batch = [];
        await foreach (var row in rows)
        {
            if (batch.Count == StoredTable.MostAtOnce || (batch.Count > 0 && batch[0].Partition != row.Partition))
            {
                yield return batch;
                batch = [];
            }

            batch.Add(row);
        }

        if (batch.Count > 0)
            yield return batch;
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
