namespace Serverless.Functions.Http;

/// <summary>Where a page of a log begins.</summary>
[Query("after", "The `next` of the previous page.")]
internal static class PageStart
{
    /// <summary>Reads <c>after</c>.</summary>
    public static LogPosition? Read(HttpRequestData request) =>
        request.QueryField("after") is not { } text ? null
        : LogPosition.TryParse(text, out var position) ? position
        : throw ProblemException.InvalidField("after", "is no continuation of this route.");
}
