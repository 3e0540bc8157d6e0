namespace Serverless.Functions.Http;

/// <summary>A range of times, both included; null is open.</summary>
[Query("from", "The first time (UTC), such as 2026-03-14T09:26:53.589Z.", Pattern = Pattern.Time)]
[Query("to", "The last time (UTC), inclusive.", Pattern = Pattern.Time)]
internal readonly record struct TimeRange(DateTimeOffset? From, DateTimeOffset? To)
{
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'";

    public static TimeRange Read(HttpRequestData request)
    {
        var range = new TimeRange(ReadTime(request, "from"), ReadTime(request, "to"));
        return range.From > range.To ? throw ProblemException.InvalidField("from", "must not be after to.") : range;
    }

    private static DateTimeOffset? ReadTime(HttpRequestData request, string field) =>
        request.QueryField(field) is not { } text ? null
        : DateTimeOffset.TryParseExact(text, Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time
        : throw ProblemException.InvalidField(field, "must be a time such as 2026-03-14T09:26:53.589Z.");
}
