namespace Serverless.Functions.Http;

[Query("after", "The `next` of the previous page.")]
internal static class PageStart
{
    public static LogPosition? Read(HttpRequestData request) =>
        request.QueryField("after") is not { } text ? null
        : LogPosition.TryParse(text, out var position) ? position
        : throw ProblemException.InvalidField("after", "must be the next of a previous page.");
}

[Query("limit", "Maximum number of entries in a page.",
    Type = typeof(int), Minimum = 1, Maximum = PageLimit.Maximum, Default = PageLimit.Usual)]
internal static class PageLimit
{
    public const int Usual = 50;
    public const int Maximum = 100;

    public static int Read(HttpRequestData request) =>
        request.QueryField("limit") is not { } text ? Usual
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= Maximum ? limit
        : throw ProblemException.InvalidField("limit", $"must be a number from 1 to {Maximum}.");
}
