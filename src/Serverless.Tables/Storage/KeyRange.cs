namespace Serverless.Tables.Storage;

/// <summary>A range of keys; <c>To</c> is exclusive.</summary>
internal readonly record struct KeyRange(string From, string To)
{
    /// <summary>The character after ':'. In place of a prefix's final ':' it is the exclusive upper bound of its keys.</summary>
    public const char AfterSeparator = (char)(':' + 1);

    public static KeyRange WithPrefix(string prefix) => new(prefix, prefix[..^1] + AfterSeparator);

    public string FilterRows(string partition) =>
        TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {From} and RowKey lt {To}");

    public string FilterPartitions() => TableClient.CreateQueryFilter($"PartitionKey ge {From} and PartitionKey lt {To}");
}

/// <summary>How keys encode times, so that their order is that of time.</summary>
internal static class KeyTime
{
    private const string HourFormat = "yyyyMMddHH";
    private const string DayFormat = "yyyyMMdd";

    public static string Ticks(DateTimeOffset at) => at.UtcTicks.ToString("D19", CultureInfo.InvariantCulture);

    public static string InvertedTicks(DateTimeOffset at) => (long.MaxValue - at.UtcTicks).ToString("D19", CultureInfo.InvariantCulture);

    public static bool TryReadTicks(string text, out DateTimeOffset at)
    {
        var isTime = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            && ticks <= DateTimeOffset.MaxValue.Ticks;
        at = isTime ? new(ticks, TimeSpan.Zero) : default;
        return isTime && Ticks(at) == text;
    }

    /// <summary>Returns the oldest time for anything but inverted ticks.</summary>
    public static DateTimeOffset ReadInvertedTicks(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            && ticks >= long.MaxValue - DateTimeOffset.MaxValue.Ticks
            ? new(long.MaxValue - ticks, TimeSpan.Zero) : DateTimeOffset.MinValue;

    public static string Hour(DateTimeOffset at) => at.UtcDateTime.ToString(HourFormat, CultureInfo.InvariantCulture);

    public static bool TryReadHour(ReadOnlySpan<char> text, out DateTimeOffset hour) => DateTimeOffset.TryParseExact(
        text, HourFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out hour);

    public static string Day(DateOnly day) => day.ToString(DayFormat, CultureInfo.InvariantCulture);

    public static bool TryReadDay(string text, out DateOnly day) =>
        DateOnly.TryParseExact(text, DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out day);
}
