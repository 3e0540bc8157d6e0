using System.Text.RegularExpressions;
using NCrontab;

namespace Serverless.LocalHost.Timers;

/// <summary>When a timer runs, in UTC as in Azure.</summary>
/// <param name="Next">The first occurrence after a time; <see cref="DateTime.MaxValue"/> if there is none.</param>
internal sealed record Schedule(Func<DateTime, DateTime> Next)
{
    private static readonly TimeSpan LeastMonitored = TimeSpan.FromMinutes(1);

    /// <summary>Whether it runs more than once a minute, too often to monitor its status.</summary>
    internal bool IsFrequent(DateTime now)
    {
        var times = Enumerable.Range(0, 5).Select(_ => now = Next(now)).TakeWhile(t => t < DateTime.MaxValue).ToList();
        return times.Zip(times.Skip(1)).Any(t => t.Second - t.First < LeastMonitored);
    }

    /// <exception cref="HostFailure">The function's schedule is not valid.</exception>
    internal static Schedule Of(string function, string? text)
    {
        // Names between percent signs are settings.
        var resolved = Regex.Replace(text ?? "", "%([^%]+)%", name => AppFolder.Setting(name.Groups[1].Value) is { Length: > 0 } value
            ? value
            : throw new HostFailure($"Function '{function}': its schedule is the setting '{name.Groups[1]}', which is missing."));
        return Parse(resolved) ?? throw new HostFailure(
            $"Function '{function}': the schedule '{resolved}' is not valid: a schedule has six fields "
            + "(second minute hour day month weekday), or is a TimeSpan.");
    }

    /// <returns>Null if it is not valid.</returns>
    internal static Schedule? Parse(string text)
    {
        var fields = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;
        if (fields is 5 or 6 && CrontabSchedule.TryParse(text, new() { IncludingSeconds = fields == 6 }) is { } crontab)
            return new(after => crontab.GetNextOccurrence(after, DateTime.MaxValue));
        return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var interval) && interval > TimeSpan.Zero
            ? new(after => DateTime.MaxValue - interval > after ? after + interval : DateTime.MaxValue)
            : null;
    }
}
