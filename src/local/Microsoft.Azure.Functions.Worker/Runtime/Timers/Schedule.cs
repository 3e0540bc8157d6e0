using System.Globalization;
using Microsoft.Azure.Functions.Worker.Runtime.Startup;
using Microsoft.Extensions.Configuration;

namespace Microsoft.Azure.Functions.Worker.Runtime.Timers;

/// <summary>When a timer runs, in UTC.</summary>
internal abstract class Schedule
{
    /// <returns>The first occurrence after that time, null when there is none any more.</returns>
    internal abstract DateTime? Next(DateTime after);

    /// <summary>Whether it runs more often than once a minute, too often for the host to keep its status.</summary>
    internal bool IsFrequent(DateTime now)
    {
        var previous = Next(now);
        for (var i = 0; i < 4 && previous is { } time; i++)
        {
            previous = Next(time);
            if (previous - time < TimeSpan.FromMinutes(1))
                return true;
        }

        return false;
    }

    /// <summary>Reads the schedule of a function, or says in a sentence why it can't be read.</summary>
    internal static Schedule Of(TimerFunction function, IConfiguration configuration, DateTime now)
    {
        var text = Resolve(function, configuration);
        try
        {
            var schedule = Parse(text);
            return schedule.Next(now) is null
                ? throw new FormatException("it names a time that never comes")
                : schedule;
        }
        catch (FormatException e)
        {
            throw new StartupException($"Function '{function.Name}': the schedule '{text}' is not valid: {e.Message}.", e);
        }
    }

    /// <exception cref="FormatException">It is neither NCRONTAB nor a TimeSpan.</exception>
    internal static Schedule Parse(string text)
    {
        var fields = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length is 5 or 6)
            return new NcrontabSchedule(fields);
        return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var interval) && interval > TimeSpan.Zero
            ? new Interval(interval)
            : throw new FormatException("a schedule has six fields (second minute hour day month weekday), or is a TimeSpan");
    }

    private static string Resolve(TimerFunction function, IConfiguration configuration)
    {
        var parts = function.Trigger.Schedule.Split('%');
        // Between pairs of percent signs stand names of settings: every second part.
        for (var i = 1; i < parts.Length - 1; i += 2)
        {
            // The variable of a setting "A:B" is "A__B", and both are ways to write its name here.
            parts[i] = configuration[parts[i].Replace("__", ":", StringComparison.Ordinal)] is { Length: > 0 } value
                ? value
                : throw new StartupException(
                    $"Function '{function.Name}': its schedule is the setting '{parts[i]}', which is missing.");
        }

        return string.Concat(parts).Trim();
    }

    private sealed class Interval(TimeSpan interval) : Schedule
    {
        internal override DateTime? Next(DateTime after) => DateTime.MaxValue - interval > after ? after + interval : null;
    }
}
