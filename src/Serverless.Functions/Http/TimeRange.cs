namespace Serverless.Functions.Http;

/// <summary>A range of times, both included.</summary>
[Query("from", "The earliest time (RFC 3339).", Type = typeof(DateTimeOffset))]
[Query("to", "The latest time (RFC 3339).", Type = typeof(DateTimeOffset))]
internal readonly record struct TimeRange(DateTimeOffset? From, DateTimeOffset? To)
{
    private static readonly string[] Formats = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz"];

    public static TimeRange Read(HttpRequestData request)
    {
        var range = new TimeRange(ReadTime(request, "from"), ReadTime(request, "to"));
        return !(range.From > range.To) ? range : throw ProblemException.InvalidField("from", "must not be after to.");
    }

    private static DateTimeOffset? ReadTime(HttpRequestData request, string field) =>
        request.QueryField(field) is not { } text ? null
        : DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time
        : throw ProblemException.InvalidField(field, "must be a time such as 2026-03-14T09:26:53Z.");
}
