using Azure;
using Azure.Data.Tables;
using Serverless.Tables.Storage;

namespace Serverless.Tables.Timeline;

/// <summary>Hours of the timeline in batches that can be removed at once.</summary>
internal static class TimelineBatches
{
    /// <summary>The most actions of an entity-group transaction.</summary>
    public const int Maximum = 100;

    public static IAsyncEnumerable<IReadOnlyList<TableEntity>> ReadAsync(
        TableClient table, KeyRange hours, string[]? select, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey ge {hours.From} and PartitionKey lt {hours.To}");
        var rows = table.QueryAsync<TableEntity>(filter, select: select, cancellationToken: cancellationToken);
        return Of(StorageCall.ReadAllAsync(rows, cancellationToken));
    }

    /// <summary>Rows in order of their partitions; only rows of one partition can be removed at once.</summary>
    public static async IAsyncEnumerable<IReadOnlyList<TableEntity>> Of(IAsyncEnumerable<TableEntity> rows)
    {
        List<TableEntity> batch = [];
        await foreach (var row in rows.ConfigureAwait(false))
        {
            if (batch.Count == Maximum || (batch.Count > 0 && batch[0].PartitionKey != row.PartitionKey))
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
        var together = await StorageCall.AskAsync(
            table.SubmitTransactionAsync(
                rows.Select(row => new TableTransactionAction(TableTransactionActionType.Delete, new TableEntity(partition, row), ETag.All)),
                cancellationToken),
            cancellationToken).ConfigureAwait(false);
        if (together.Done)
            return;

        // Another run removed some of them at the same time: what is left goes one by one.
        foreach (var row in rows)
        {
            await StorageCall.AskAsync(table.DeleteEntityAsync(partition, row, ETag.All, cancellationToken), cancellationToken)
                .ConfigureAwait(false);
        }
    }
}
