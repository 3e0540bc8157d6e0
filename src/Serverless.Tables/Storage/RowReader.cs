namespace Serverless.Tables.Storage;

/// <summary>Reports rows that it can't read, and skips them.</summary>
internal sealed class RowReader(UnreadableRows unreadable, string table)
{
    public async IAsyncEnumerable<T> ReadAllAsync<T>(IAsyncEnumerable<TableEntity> rows, Func<StoredRow, T> read)
        where T : notnull
    {
        await foreach (var row in rows)
        {
            if (TryRead(row, read, out var value))
                yield return value!;
        }
    }

    /// <exception cref="StorageUnavailableException">The row can't be read, and a single row can't be skipped.</exception>
    public T Read<T>(TableEntity row, Func<StoredRow, T> read) => TryRead(row, read, out var value)
        ? value!
        : throw new StorageUnavailableException($"A row of the table {table} can't be read.") { IsOneRow = true };

    public bool TryRead<T>(TableEntity row, Func<StoredRow, T> read, out T? value)
    {
        try
        {
            value = read(new(row));
            return true;
        }
        catch (UnreadableRowException)
        {
            // Only the keys of flags are addresses of callers.
            unreadable.Report(table, row.PartitionKey, row.PartitionKey == SecurityKeys.IpPartition ? MaskedAddress.Of(row.RowKey) : row.RowKey);
            value = default;
            return false;
        }
    }
}
