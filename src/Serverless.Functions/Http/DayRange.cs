namespace Serverless.Functions.Http;

/// <summary>A range of days in UTC, both included.</summary>
[Query("from", "The first day (UTC), at most 399 days before `to`; 29 days before it by default.", Pattern = Pattern.Day)]
[Query("to", "The last day (UTC), inclusive; today by default.", Pattern = Pattern.Day)]
internal readonly record struct DayRange(DateOnly From, DateOnly To)
{
    private const string Format = "yyyy-MM-dd";
    private const int Usual = 30;
    private const int Longest = 400;

    public static DayRange Read(HttpRequestData request, DateOnly today)
    {
        var last = ReadDay(request, "to") ?? today;
        // DateOnly has no days before the year 1.
        var first = ReadDay(request, "from") ?? last.AddDays(-Math.Min(Usual - 1, last.DayNumber));
        if (first > last)
            throw ProblemException.InvalidField("from", "must not be after to, which is today by default.");
        return last.DayNumber - first.DayNumber < Longest ? new(first, last)
            : throw ProblemException.InvalidField("from", $"must be at most {Longest - 1} days before to.");
    }

    public static string Write(DateOnly day) => day.ToString(Format, CultureInfo.InvariantCulture);

    private static DateOnly? ReadDay(HttpRequestData request, string field) =>
        request.QueryField(field) is not { } text ? null
        : DateOnly.TryParseExact(text, Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day
        : throw ProblemException.InvalidField(field, "must be a day such as 2026-03-14.");
}
