using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Serverless.Tables.Storage;

/// <summary>A table that reports rows it can't read, and skips them in lists.</summary>
internal sealed class StoredTable(TableClient table, UnreadableRows unreadable)
{
    /// <summary>The most actions of a transaction.</summary>
    public const int MostAtOnce = 100;

    /// <summary>The most rows in a page of storage.</summary>
    public const int MostInPage = 1_000;

    public static readonly string[] KeyColumns = [nameof(TableEntity.PartitionKey), nameof(TableEntity.RowKey)];

    public async Task<StoredRow?> FindAsync(string partition, string row, CancellationToken cancellationToken)
    {
        var answer = await StorageCall.SendAsync(
            table.GetEntityAsync<TableEntity>(partition, row, cancellationToken: cancellationToken), cancellationToken);
        return answer.Value is { } found ? new(found.Value) : null;
    }

    public async Task<T?> FindAsync<T>(string partition, string row, Func<StoredRow, T> read, CancellationToken cancellationToken)
        where T : class => await FindAsync(partition, row, cancellationToken) is { } found ? Read(found, read) : null;

    public async IAsyncEnumerable<T> ReadAsync<T>(
        string filter, Func<StoredRow, T> read, [EnumeratorCancellation] CancellationToken cancellationToken,
        int? pageSize = null, string[]? select = null)
        where T : notnull
    {
        var rows = table.QueryAsync<TableEntity>(filter, pageSize, select, cancellationToken);
        await foreach (var row in StorageCall.ReadAllAsync(rows, cancellationToken))
        {
            if (TryRead(new(row), read, out var value))
                yield return value;
        }
    }

    /// <summary>Reads up to a number of rows and of pages, which storage may end early or leave empty; null if there are more.</summary>
    public async Task<IReadOnlyList<T>?> TryReadAllAsync<T>(
        string filter, int mostRows, int mostPages, Func<StoredRow, T> read, CancellationToken cancellationToken)
        where T : notnull
    {
        var found = new List<T>();
        var pages = table.QueryAsync<TableEntity>(filter, Math.Min(mostRows + 1, MostInPage), null, cancellationToken).AsPages();
        await foreach (var page in StorageCall.ReadAllAsync(pages, cancellationToken))
        {
            foreach (var row in page.Values)
            {
                if (TryRead(new(row), read, out var value))
                    found.Add(value);
            }

            if (found.Count > mostRows || (--mostPages == 0 && page.ContinuationToken is not null))
                return null;
        }

        return found;
    }

    /// <summary>Reads the first rows, which are one page of storage.</summary>
    public async Task<IReadOnlyList<T>> ReadFirstAsync<T>(
        string filter, int limit, Func<StoredRow, T> read, CancellationToken cancellationToken, string[]? select = null)
        where T : notnull =>
        await ReadAsync(filter, read, cancellationToken, limit, select).Take(limit).ToListAsync(cancellationToken);

    /// <summary>Reads a page; <c>Last</c> is its last row, or null if there is no other page.</summary>
    public async Task<(IReadOnlyList<T> Page, T? Last)> ReadPageAsync<T>(
        string filter, int limit, Func<StoredRow, T> read, CancellationToken cancellationToken)
        where T : class
    {
        // One row more than asked for tells whether there is another page.
        var rows = await ReadFirstAsync(filter, limit + 1, read, cancellationToken);
        return rows.Count <= limit ? (rows, null) : ([.. rows.Take(limit)], rows[limit - 1]);
    }

    /// <exception cref="StorageUnavailableException">The row can't be read, and a single row can't be skipped.</exception>
    public T Read<T>(StoredRow row, Func<StoredRow, T> read) => TryRead(row, read, out var value)
        ? value : throw new StorageUnavailableException($"A row of the table {table.Name} can't be read.") { IsOneRow = true };

    public bool TryRead<T>(StoredRow row, Func<StoredRow, T> read, [MaybeNullWhen(false)] out T value)
    {
        try
        {
            value = read(row);
            return true;
        }
        catch (UnreadableRowException)
        {
            Report(row);
            value = default;
            return false;
        }
    }

    public void Report(StoredRow row)
    {
        // The keys of flags are addresses of callers, and those of the index are emails, whose first byte names the partition.
        var key = row.PartitionKey == SecurityKeys.IpPartition ? MaskedAddress.Of(row.RowKey)
            : AccountKeys.IsIndexed(row) ? $"{row.PartitionKey}..." : row.RowKey;
        unreadable.Report(table.Name, row.PartitionKey, key);
    }

    public Task<StorageAnswer<Response>> SaveAsync(TableEntity row, RowVersion? expected, CancellationToken cancellationToken) =>
        StorageCall.SendAsync(
            expected is null
                ? table.AddEntityAsync(row, cancellationToken)
                : table.UpdateEntityAsync(row, expected.ToETag(), TableUpdateMode.Replace, cancellationToken),
            cancellationToken);

    public async Task<bool> TrySaveAsync(TableEntity row, RowVersion? expected, CancellationToken cancellationToken) =>
        (await SaveAsync(row, expected, cancellationToken)).Done;

    public Task<bool> TryMergeAsync(TableEntity row, RowVersion? expected, CancellationToken cancellationToken) =>
        TryAsync(table.UpdateEntityAsync(row, expected.ToETag(), TableUpdateMode.Merge, cancellationToken), cancellationToken);

    public Task UpsertAsync(
        TableEntity row, CancellationToken cancellationToken, TableUpdateMode mode = TableUpdateMode.Replace) =>
        StorageCall.SendAsync(table.UpsertEntityAsync(row, mode, cancellationToken), cancellationToken);

    public Task<bool> TryDeleteAsync(string partition, string row, RowVersion? expected, CancellationToken cancellationToken) =>
        TryAsync(table.DeleteEntityAsync(partition, row, expected.ToETag(), cancellationToken), cancellationToken);

    public Task<StorageAnswer<Response<IReadOnlyList<Response>>>> SubmitAsync(
        IEnumerable<TableTransactionAction> actions, CancellationToken cancellationToken) =>
        StorageCall.SendAsync(table.SubmitTransactionAsync(actions, cancellationToken), cancellationToken);

    public async Task<bool> TrySubmitAsync(IEnumerable<TableTransactionAction> actions, CancellationToken cancellationToken) =>
        (await SubmitAsync(actions, cancellationToken)).Done;

    /// <summary>Removes rows of a partition; false if some were gone before.</summary>
    public async Task<bool> RemoveAsync(string partition, IReadOnlyList<string> rows, CancellationToken cancellationToken)
    {
        if (await TrySubmitAsync(rows.Select(row => RowChange.Delete(partition, row)), cancellationToken))
            return true;
        // Another run removed some of them: remove the rest one by one.
        foreach (var row in rows)
            await TryDeleteAsync(partition, row, null, cancellationToken);
        return false;
    }

    private static async Task<bool> TryAsync(Task<Response> call, CancellationToken cancellationToken) =>
        (await StorageCall.SendAsync(call, cancellationToken)).Done;
}
