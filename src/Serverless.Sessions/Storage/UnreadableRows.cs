using RowSet = System.Collections.Concurrent.ConcurrentDictionary<(string Table, string Partition, string Row), bool>;

namespace Serverless.Sessions.Storage;

/// <summary>The rows that this instance can't read: a column is missing or has another type, a word is unknown, or the key is
/// malformed. Each is logged once and skipped, so that it affects nothing else, and kept for an operator to inspect.</summary>
public sealed class UnreadableRows(ILogger<UnreadableRows> log)
{
    // Beyond this, rows are neither counted nor logged: an operator has enough to act on.
    private const int Most = 10_000;

    private readonly RowSet _known = new();
    private readonly AsyncLocal<RowSet?> _run = new();

    /// <summary>Since the instance started.</summary>
    public int Count => _known.Count;

    /// <summary>The row key contains no caller's address, and no email.</summary>
    public void Report(string table, string partition, string row)
    {
        _run.Value?.TryAdd((table, partition, row), true);
        if (_known.Count < Most && _known.TryAdd((table, partition, row), true))
            log.RowUnreadable(table, partition, row);
    }

    /// <summary>Counts the unreadable rows that the caller meets from now on, in everything it calls.</summary>
    internal RowSet Watch() => _run.Value = new();
}
