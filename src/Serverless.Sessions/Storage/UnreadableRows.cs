namespace Serverless.Sessions.Storage;

/// <summary>The rows that this instance can't read: a column is missing or has another type, a word is unknown, or the key is
/// malformed. Each is logged once and skipped, so that it affects nothing else, and kept for an operator to inspect.</summary>
public sealed class UnreadableRows(ILogger<UnreadableRows> log)
{
    // Beyond this, rows are neither counted nor logged: an operator has enough to act on.
    private const int Most = 10_000;

    private readonly Lock _lock = new();
    private readonly HashSet<(string Table, string Partition, string Row)> _known = [];
    private readonly AsyncLocal<Run?> _run = new();

    /// <summary>Since the instance started.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _known.Count;
        }
    }

    /// <summary>The row key contains no caller's address.</summary>
    public void Report(string table, string partition, string row)
    {
        bool isNew;
        lock (_lock)
        {
            _run.Value?.Rows.Add((table, partition, row));
            isNew = _known.Count < Most && _known.Add((table, partition, row));
        }

        if (isNew)
            log.RowUnreadable(table, partition, row);
    }

    /// <summary>Counts the unreadable rows that the caller meets from now on, in everything it calls.</summary>
    internal Run Watch() => _run.Value = new(_lock);

    internal sealed class Run(Lock changing)
    {
        public HashSet<(string Table, string Partition, string Row)> Rows { get; } = [];

        public int Count
        {
            get
            {
                lock (changing)
                    return Rows.Count;
            }
        }
    }
}
