using Microsoft.Extensions.Logging;

namespace Serverless.Sessions.Storage;

/// <summary>
/// The rows that this instance can't read: with a column missing or of another type, a word that it doesn't know, or a key of another
/// form. Each is told once and stepped over, so that it stops nothing but itself, and stays where it is for somebody to look at.
/// </summary>
public sealed class UnreadableRows(ILogger<UnreadableRows> log)
{
    // Beyond that they are counted no more; somebody is at work there, and the log has had enough.
    private const int Most = 10_000;

    private readonly Lock _lock = new();
    private readonly HashSet<(string Table, string Partition, string Row)> _known = [];
    private readonly AsyncLocal<Run?> _run = new();

    /// <summary>How many there were since the instance started.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _known.Count;
        }
    }

    /// <summary>Tells of a row.</summary>
    /// <param name="table">The table's name.</param>
    /// <param name="partition">The key of its partition.</param>
    /// <param name="row">The key of the row; no address of a caller.</param>
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

    /// <summary>Counts those that the calling method meets from here on, in whatever it calls.</summary>
    internal Run Watch() => _run.Value = new(_lock);

    /// <summary>One run of a timer.</summary>
    internal sealed class Run(Lock changing)
    {
        public HashSet<(string Table, string Partition, string Row)> Rows { get; } = [];

        /// <summary>How many rows it couldn't read.</summary>
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
