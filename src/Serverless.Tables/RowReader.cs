using Azure.Data.Tables;
using Serverless.Sessions.Storage;
using Serverless.Sessions.Text;

namespace Serverless.Tables;

/// <summary>The one place where rows of a table become objects: those that can't be read are told, and stepped over.</summary>
/// <param name="unreadable">Who is told.</param>
/// <param name="table">The table's name.</param>
internal sealed class RowReader(UnreadableRows unreadable, string table)
{
    /// <summary>Reads rows, without those that can't be read.</summary>
    public async IAsyncEnumerable<T> ReadAllAsync<T>(IAsyncEnumerable<TableEntity> rows, Func<StoredRow, T> read)
        where T : notnull
    {
        await foreach (var row in rows)
        {
            if (TryRead(row, read, out var value))
                yield return value!;
        }
    }

    /// <summary>Reads the row that somebody asked for.</summary>
    /// <exception cref="StorageUnavailableException">It can't be read: nothing is said of what it holds.</exception>
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
            // Of all keys, only those of flags are addresses of callers.
            unreadable.Report(table, row.PartitionKey, row.PartitionKey == TableKeys.IpPartition ? MaskedAddress.Of(row.RowKey) : row.RowKey);
            value = default;
            return false;
        }
    }
}
