using Azure;
using Azure.Data.Tables;
using Serverless.Tables.Storage;

namespace Serverless.Tables.Timeline;

/// <summary>Hours of the timeline in batches that can be removed at once.</summary>
internal static class TimelineBatches
{
    /// <summary>The most actions of an entity-group transaction.</summary>
    public const int Maximum = 100;

    /// <summary>Rows in order of their partitions; only rows of one partition can be removed at once.</summary>
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

        // Another run removed some of them at the same time: what is left goes one by one.
        foreach (var row in rows)
        {
            await StorageCall.SendAsync(table.DeleteEntityAsync(partition, row, ETag.All, cancellationToken), cancellationToken);
        }
    }
}

/// <summary>A row of the timeline.</summary>
/// <param name="Partition">The key of its partition.</param>
/// <param name="Hour">The hour that it is filed under.</param>
/// <param name="Row">Its key.</param>
/// <param name="Value">What it tells.</param>
internal sealed record TimelineRow<T>(string Partition, DateTimeOffset Hour, string Row, T Value)
{
    public static TimelineRow<T> Read(StoredRow row, Func<StoredRow, T> read)
    {
        StoredRow.Demand(TableKeys.TryReadHour(row.PartitionKey, out var hour));
        return new(row.PartitionKey, hour, row.RowKey, read(row));
    }
}
