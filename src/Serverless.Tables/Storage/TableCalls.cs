namespace Serverless.Tables.Storage;

/// <summary>Each call throws <see cref="StorageUnavailableException"/> on an outage.</summary>
internal static class TableCalls
{
    public static async Task<TableEntity?> FindAsync(this TableClient table, string partition, string row, CancellationToken cancellationToken)
    {
        var answer = await StorageCall.SendAsync(
            table.GetEntityAsync<TableEntity>(partition, row, cancellationToken: cancellationToken), cancellationToken);
        return answer.Value?.Value;
    }

    public static IAsyncEnumerable<TableEntity> ReadRowsAsync(
        this TableClient table, string partition, KeyRange rows, CancellationToken cancellationToken, int? pageSize = null, string[]? select = null) =>
        ReadAsync(
            table,
            TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {rows.From} and RowKey lt {rows.To}"),
            cancellationToken,
            pageSize,
            select);

    public static IAsyncEnumerable<TableEntity> ReadPartitionsAsync(
        this TableClient table, KeyRange partitions, CancellationToken cancellationToken, int? pageSize = null, string[]? select = null) =>
        ReadAsync(
            table,
            TableClient.CreateQueryFilter($"PartitionKey ge {partitions.From} and PartitionKey lt {partitions.To}"),
            cancellationToken,
            pageSize,
            select);

    public static IAsyncEnumerable<TableEntity> ReadAsync(
        this TableClient table, string filter, CancellationToken cancellationToken, int? pageSize = null, string[]? select = null) =>
        StorageCall.ReadAllAsync(table.QueryAsync<TableEntity>(filter, pageSize, select, cancellationToken), cancellationToken);

    public static async Task<StorageAnswer<IReadOnlyList<Response>>> SubmitAsync(
        this TableClient table, IEnumerable<TableTransactionAction> actions, CancellationToken cancellationToken)
    {
        var answer = await StorageCall.SendAsync(table.SubmitTransactionAsync(actions, cancellationToken), cancellationToken);
        return new(answer.Value?.Value, answer.Conflict);
    }
}
