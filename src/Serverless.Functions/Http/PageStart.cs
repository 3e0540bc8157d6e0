namespace Serverless.Functions.Http;

/// <summary>Where a page of a log begins.</summary>
[Query("after", "The `next` of the previous page.")]
internal static class PageStart
{
    public static LogPosition? Read(HttpRequestData request) =>
        request.QueryField("after") is not { } text ? null
        : LogPosition.TryParse(text, out var position) ? position
        : throw ProblemException.InvalidField("after", "must be the next of a previous page.");
}
