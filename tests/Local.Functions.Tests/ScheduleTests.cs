using System.Globalization;
using Microsoft.Azure.Functions.Worker.Runtime.Timers;

namespace Local.Functions.Tests;

public class ScheduleTests
{
    [Theory]
    [InlineData("* * * * * *", "2026-02-01 12:00:00", "2026-02-01 12:00:01")]
    [InlineData("0 */5 * * * *", "2026-02-01 12:00:00", "2026-02-01 12:05:00")]
    [InlineData("0 */5 * * * *", "2026-02-01 12:04:59", "2026-02-01 12:05:00")]
    [InlineData("*/5 * * * *", "2026-02-01 12:05:00", "2026-02-01 12:10:00")]
    [InlineData("30 0 0 * * *", "2026-12-31 12:00:00", "2027-01-01 00:00:30")]
    [InlineData("0 30 9 * * MON-FRI", "2026-10-02 09:30:00", "2026-10-05 09:30:00")]
    [InlineData("0 30 9 * * FRI-MON", "2026-10-02 09:30:00", "2026-10-05 09:30:00")]
    [InlineData("0 30 9 * * fri", "2026-10-02 09:30:00", "2026-10-09 09:30:00")]
    [InlineData("0 0 0 1 JAN,jul *", "2026-02-01 12:00:00", "2026-07-01 00:00:00")]
    [InlineData("0 0 0 1 January *", "2026-02-01 12:00:00", "2027-01-01 00:00:00")]
    [InlineData("0 0 0 29 2 *", "2026-03-01 00:00:00", "2028-02-29 00:00:00")]
    [InlineData("0 0 0 29 2 MON", "2026-03-01 00:00:00", "2044-02-29 00:00:00")]
    [InlineData("0 0 0 31 * *", "2026-04-01 00:00:00", "2026-05-31 00:00:00")]
    [InlineData("0 0 0 13 * 5", "2026-01-01 00:00:00", "2026-02-13 00:00:00")]
    [InlineData("0 0 8-18/4 * * *", "2026-02-01 12:00:00", "2026-02-01 16:00:00")]
    [InlineData("0 0 8-18/4 * * *", "2026-02-01 16:00:00", "2026-02-02 08:00:00")]
    [InlineData("0 5/20 * * * *", "2026-02-01 12:25:01", "2026-02-01 12:45:00")]
    [InlineData("0 5/20 * * * *", "2026-02-01 12:45:00", "2026-02-01 13:05:00")]
    [InlineData("15,45 59 23 * * *", "2026-02-28 23:59:15", "2026-02-28 23:59:45")]
    [InlineData("15,45 59 23 * * *", "2026-02-28 23:59:45", "2026-03-01 23:59:15")]
    [InlineData("10 20 3 * * *", "2026-02-01 03:20:10", "2026-02-02 03:20:10")]
    [InlineData("10 20 3 * * *", "2026-02-01 03:20:09.999", "2026-02-01 03:20:10")]
    [InlineData("10 20 3 * * *", "2026-02-01 03:19:59", "2026-02-01 03:20:10")]
    [InlineData("  0  0   3 * * *  ", "2026-02-01 03:00:00", "2026-02-02 03:00:00")]
    [InlineData("0 0 0 * * 0", "2026-02-01 00:00:00", "2026-02-08 00:00:00")]
    [InlineData("00:00:30", "2026-02-01 12:00:10", "2026-02-01 12:00:40")]
    [InlineData("1.00:00:00", "2026-02-01 12:00:10", "2026-02-02 12:00:10")]
    public void The_next_occurrence_follows_the_expression(string expression, string after, string expected)
    {
        var next = Schedule.Parse(expression).Next(Utc(after));

        Assert.Equal(Utc(expected), next);
        Assert.Equal(DateTimeKind.Utc, next!.Value.Kind);
    }

    [Theory]
    [InlineData("")]
    [InlineData("* * * *")]
    [InlineData("* * * * * * *")]
    [InlineData("60 * * * * *")]
    [InlineData("* 60 * * * *")]
    [InlineData("* * 24 * * *")]
    [InlineData("* * * 0 * *")]
    [InlineData("* * * 32 * *")]
    [InlineData("* * * * 13 *")]
    [InlineData("* * * * * 7")]
    [InlineData("* * * * * XYZ")]
    [InlineData("* * * * MON *")]
    [InlineData("JAN * * * * *")]
    [InlineData("*/0 * * * * *")]
    [InlineData("*/x * * * * *")]
    [InlineData("1,,2 * * * * *")]
    [InlineData("1- * * * * *")]
    [InlineData("-1 * * * * *")]
    [InlineData("? * * * * *")]
    [InlineData("* * * L * *")]
    [InlineData("00:00:00")]
    [InlineData("-00:01:00")]
    [InlineData("soon")]
    public void What_is_no_schedule_is_refused(string expression) =>
        Assert.Throws<FormatException>(() => Schedule.Parse(expression));

    [Fact]
    public void A_huge_step_leaves_the_first_value() =>
        Assert.Equal(Utc("2026-02-01 13:05:00"), Schedule.Parse("0 5/2147483647 * * * *").Next(Utc("2026-02-01 12:05:00")));

    [Fact]
    public void A_day_that_never_comes_has_no_next_occurrence() =>
        Assert.Null(Schedule.Parse("0 0 0 30 2 *").Next(Utc("2026-02-01 12:00:00")));

    [Theory]
    [InlineData("*/30 * * * * *", true)]
    [InlineData("0,30 0 * * * *", true)]
    [InlineData("00:00:59", true)]
    [InlineData("0 * * * * *", false)]
    [InlineData("00:01:00", false)]
    public void A_schedule_is_frequent_when_it_comes_more_often_than_once_a_minute(string expression, bool frequent) =>
        Assert.Equal(frequent, Schedule.Parse(expression).IsFrequent(Utc("2026-02-01 12:00:00")));

    private static DateTime Utc(string text) => DateTime.Parse(
        text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
}
