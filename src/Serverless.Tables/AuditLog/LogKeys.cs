namespace Serverless.Tables.AuditLog;

internal static class LogKeys
{
    private const string CheckpointPrefix = "l:~";

    /// <summary>Entries sort newest first, so a page of the newest is the beginning of the range.</summary>
    public static string Entry(LogPosition position) => $"{EntryTime(position.At)}:{position.Id:N}";

    public static bool IsEntry(string rowKey) => rowKey.StartsWith(Entries.From, StringComparison.Ordinal) && !IsCheckpoint(rowKey);

    /// <summary>Returns the oldest time for a malformed key.</summary>
    public static DateTimeOffset ReadEntryTime(string rowKey) =>
        rowKey.Split(':') is [_, var inverted, _] ? KeyTime.ReadInvertedTicks(inverted) : DateTimeOffset.MinValue;

    /// <summary>Sorts behind all entries, so that whoever reads old ones, or those of the session, reads it, too.</summary>
    public static string Checkpoint(SessionId session) => CheckpointPrefix + session;

    public static bool IsCheckpoint(string rowKey) => rowKey.StartsWith(CheckpointPrefix, StringComparison.Ordinal);

    public static SessionId ReadCheckpoint(string rowKey) =>
        SessionId.TryParse(rowKey.AsSpan(CheckpointPrefix.Length), out var session) ? session : default;

    /// <summary>Without the checkpoints behind them.</summary>
    public static KeyRange Entries => new("l:", CheckpointPrefix);

    public static KeyRange Checkpoints => EntriesAndCheckpoints with { From = Entries.To };

    public static KeyRange EntriesAfter(LogPosition? after, LogFilter filter)
    {
        var newest = filter.To is { } to ? EntryTime(to) : Entries.From;
        var next = after is { } position ? Entry(position) + KeyRange.AfterSeparator : Entries.From;
        return new(
            string.CompareOrdinal(next, newest) > 0 ? next : newest,
            filter.From is { } from ? EntriesFrom(from).To : Entries.To);
    }

    public static KeyRange EntriesAndCheckpoints => KeyRange.WithPrefix("l:");

    /// <summary>Includes the checkpoints: it is the end of the log.</summary>
    public static KeyRange EntriesBefore(DateTimeOffset time) => new(EntryTime(time) + KeyRange.AfterSeparator, EntriesAndCheckpoints.To);

    public static KeyRange EntriesFrom(DateTimeOffset time) => new(Entries.From, EntriesBefore(time).From);

    private static string EntryTime(DateTimeOffset at) => $"l:{KeyTime.InvertedTicks(at)}";
}
