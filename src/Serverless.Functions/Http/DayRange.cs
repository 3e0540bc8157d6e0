using System.Globalization;
using Microsoft.Azure.Functions.Worker.Http;

namespace Serverless.Functions.Http;

/// <summary>The days that a request asks for, in UTC.</summary>
/// <param name="From">The first.</param>
/// <param name="To">The last, included.</param>
[Query("from", "The first day (UTC), at most 399 days before `to`; 29 days before it by default.", Pattern = Pattern.Day)]
[Query("to", "The last day (UTC), inclusive; today by default.", Pattern = Pattern.Day)]
internal readonly record struct DayRange(DateOnly From, DateOnly To)
{
    public const string Format = "yyyy-MM-dd";

    private const int Usual = 30;
    private const int Longest = 400;

    /// <summary>Reads both days; without them they are the last 30. A wrong one sets the problem unless there is one already.</summary>
    /// <param name="request">The request.</param>
    /// <param name="today">Today.</param>
    /// <param name="problem">What is wrong.</param>
    public static DayRange Read(HttpRequestData request, DateOnly today, ref Problem? problem)
    {
        var last = Parse("to", request.QueryField("to", ref problem), ref problem) ?? today;
        // There are no days before the first of all.
        var first = Parse("from", request.QueryField("from", ref problem), ref problem) ?? last.AddDays(-Math.Min(Usual - 1, last.DayNumber));
        if (first > last)
            problem ??= Problem.InvalidField("from", "must not be after to, which is today where it isn't sent.");
        else if (last.DayNumber - first.DayNumber >= Longest)
            problem ??= Problem.InvalidField("from", $"must be at most {Longest - 1} days before to.");
        return new(first, last);
    }

    private static DateOnly? Parse(string field, string? text, ref Problem? problem)
    {
        if (text is null)
            return null;
        if (DateOnly.TryParseExact(text, Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return day;
        problem ??= Problem.InvalidField(field, "must be a day such as 2026-03-14.");
        return null;
    }
}
