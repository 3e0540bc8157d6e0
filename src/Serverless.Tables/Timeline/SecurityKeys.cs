namespace Serverless.Tables.Timeline;

internal static class SecurityKeys
{
    public const string IpPartition = "ip";
    public const string EventPartition = "event";
    public const string CursorPartition = "cursor";
    public const string LastRunPartition = "run";

    public static string Event(LogPosition position) => $"e:{Newest(position)}";
    public static string Event(SecurityEventKind kind, LogPosition position) => $"k:{kind}:{Newest(position)}";
    public static string DeadLetter(LogPosition position) => $"d:{Newest(position)}";

    public static KeyRange Events(SecurityEventList list, LogPosition? after)
    {
        var prefix = list.DeadLetters ? "d:" : list.Kind is { } kind ? $"k:{kind}:" : "e:";
        return KeyRange.WithPrefix(prefix) with
        {
            From = after is { } position ? prefix + Newest(position) + KeyRange.AfterSeparator : prefix,
        };
    }

    /// <summary>Both ends included.</summary>
    public static KeyRange Events(DateTimeOffset from, DateTimeOffset to) =>
        new($"e:{KeyTime.InvertedTicks(to)}", $"e:{KeyTime.InvertedTicks(from)}{KeyRange.AfterSeparator}");

    public static KeyRange EventsBefore(DateTimeOffset time) =>
        KeyRange.WithPrefix("e:") with { From = $"e:{KeyTime.InvertedTicks(time)}{KeyRange.AfterSeparator}" };

    private static string Newest(LogPosition position) => $"{KeyTime.InvertedTicks(position.At)}:{position.Id:N}";
}
