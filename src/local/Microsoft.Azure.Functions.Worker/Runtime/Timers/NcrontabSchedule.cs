namespace Microsoft.Azure.Functions.Worker.Runtime.Timers;

/// <summary>
/// Second, minute, hour, day, month and weekday, the second being 0 when there are five fields. As in NCrontab, and unlike
/// cron, a day must match both the day of the month and the weekday.
/// </summary>
internal sealed class NcrontabSchedule : Schedule
{
    /// <summary>The 29th of February on a given weekday comes every 28 years, 40 when 2100 lies between.</summary>
    private const int YearsToSearch = 41;

    private static readonly string[] Months =
    [
        "January", "February", "March", "April", "May", "June", "July",
        "August", "September", "October", "November", "December",
    ];

    private static readonly string[] Weekdays = Enum.GetNames<DayOfWeek>();

    private readonly NcrontabField _seconds;
    private readonly NcrontabField _minutes;
    private readonly NcrontabField _hours;
    private readonly NcrontabField _days;
    private readonly NcrontabField _months;
    private readonly NcrontabField _weekdays;

    internal NcrontabSchedule(string[] fields)
    {
        var parts = fields.Length == 5 ? ["0", .. fields] : fields;
        _seconds = new NcrontabField("second", parts[0], 0, 59);
        _minutes = new NcrontabField("minute", parts[1], 0, 59);
        _hours = new NcrontabField("hour", parts[2], 0, 23);
        _days = new NcrontabField("day", parts[3], 1, 31);
        _months = new NcrontabField("month", parts[4], 1, 12, Months);
        _weekdays = new NcrontabField("weekday", parts[5], 0, 6, Weekdays);
    }

    internal override DateTime? Next(DateTime after)
    {
        if (after.Year >= DateTime.MaxValue.Year - YearsToSearch)
            return null;
        var start = new DateTime(after.Ticks - (after.Ticks % TimeSpan.TicksPerSecond), DateTimeKind.Utc).AddSeconds(1);
        if (IsDay(start) && TimeOfDay(start) is { } today)
            return start.Date + today;
        var midnight = new TimeSpan(_hours.First, _minutes.First, _seconds.First);
        var last = start.Date.AddYears(YearsToSearch);
        for (var day = start.Date.AddDays(1); day < last; day = day.AddDays(1))
        {
            if (IsDay(day))
                return day + midnight;
        }

        return null;
    }

    private bool IsDay(DateTime day) =>
        _months.Contains(day.Month) && _days.Contains(day.Day) && _weekdays.Contains((int)day.DayOfWeek);

    /// <returns>The first time of that day's rest, the given time included.</returns>
    private TimeSpan? TimeOfDay(DateTime from)
    {
        var hour = _hours.FirstFrom(from.Hour);
        if (hour == from.Hour)
        {
            var minute = _minutes.FirstFrom(from.Minute);
            if (minute == from.Minute && _seconds.FirstFrom(from.Second) is { } second)
                return new TimeSpan(from.Hour, from.Minute, second);
            if (minute == from.Minute)
                minute = _minutes.FirstFrom(from.Minute + 1);
            if (minute is { } later)
                return new TimeSpan(from.Hour, later, _seconds.First);
            hour = _hours.FirstFrom(from.Hour + 1);
        }

        return hour is { } next ? new TimeSpan(next, _minutes.First, _seconds.First) : null;
    }
}
