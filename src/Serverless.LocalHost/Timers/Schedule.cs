using System.Globalization;
using NCrontab;
using Serverless.LocalHost.Functions;
using Serverless.LocalHost.Settings;

namespace Serverless.LocalHost.Timers;

/// <summary>When a timer runs, in UTC as in Azure.</summary>
internal sealed class Schedule
{
    private static readonly TimeSpan LeastMonitored = TimeSpan.FromMinutes(1);

    private readonly Func<DateTime, DateTime> _next;

    private Schedule(Func<DateTime, DateTime> next) => _next = next;

    /// <returns>The first occurrence after that time; <see cref="DateTime.MaxValue"/> when there is none.</returns>
    internal DateTime Next(DateTime after) => _next(after);

    /// <summary>Whether it runs more often than once a minute, too often for its status to be kept.</summary>
    internal bool IsFrequent(DateTime now)
    {
        var previous = Next(now);
        for (var i = 0; i < 5 && previous < DateTime.MaxValue; i++)
        {
            var next = Next(previous);
            if (next - previous < LeastMonitored)
                return true;
            previous = next;
        }

        return false;
    }

    /// <exception cref="HostFailure">The schedule is not valid.</exception>
    internal static Schedule Of(string function, TimerTrigger trigger, AppFolder app)
    {
        // Between percent signs are names of settings: every second part.
        var parts = trigger.Schedule.Split('%');
        for (var i = 1; i < parts.Length - 1; i += 2)
        {
            parts[i] = app.Setting(parts[i]) is { Length: > 0 } value
                ? value
                : throw new HostFailure($"Function '{function}': its schedule is the setting '{parts[i]}', which is missing.");
        }

        var text = string.Concat(parts).Trim();
        return Parse(text) ?? throw new HostFailure(
            $"Function '{function}': the schedule '{text}' is not valid: a schedule has six fields "
            + "(second minute hour day month weekday), or is a TimeSpan.");
    }

    /// <returns>Null when it is not valid, or names a time that never comes.</returns>
    internal static Schedule? Parse(string text)
    {
        var fields = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;
        if (fields is 5 or 6)
        {
            var crontab = CrontabSchedule.TryParse(text, new() { IncludingSeconds = fields == 6 });
            return crontab is null ? null : new(after => crontab.GetNextOccurrence(after, DateTime.MaxValue));
        }

        return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var interval) && interval > TimeSpan.Zero
            ? new(after => DateTime.MaxValue - interval > after ? after + interval : DateTime.MaxValue)
            : null;
    }
}
