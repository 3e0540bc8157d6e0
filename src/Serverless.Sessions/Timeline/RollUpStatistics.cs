namespace Serverless.Sessions.Timeline;

/// <summary>Calculates a day's row as a whole from its closed hours and the previous day, so a repeated run counts nothing twice;
/// only a row that reaches further replaces another.</summary>
public sealed class RollUpStatistics(ITimeline timeline, IStatisticsStore store, UnreadableRows unreadable, TimeProvider clock)
{
    public const string Timer = "RollUpStatistics";

    /// <summary>The delay after an hour. Activity recorded later counts only with a later hour of the same day.</summary>
    public static readonly TimeSpan Lateness = TimeSpan.FromMinutes(15);

    // An end recorded both shortly before and shortly after midnight belongs to the earlier day.
    private static readonly TimeSpan Overlap = TimeSpan.FromHours(1);

    public async Task<RollUpReport> ExecuteAsync(CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var seen = unreadable.Watch();
        var closed = (clock.GetUtcNow() - Lateness).StartOfHour();
        // The first run ever starts at the oldest activity.
        if (await timeline.ReadCursorAsync(Timer, cancellationToken) is not { } cursor)
        {
            cursor = await timeline.FindOldestActivityAsync(closed, cancellationToken) ?? closed;
            await timeline.SaveCursorAsync(Timer, cursor, cancellationToken);
        }

        var report = new RollUpReport(0, 0);
        while (cursor < closed)
        {
            if (clock.GetElapsedTime(started) > TimerRun.MaximumDuration)
                return report with { Finished = false, Unreadable = seen.Count };
            var day = DayStatistics.Of(cursor);
            var endOfDay = DayStatistics.StartOf(day).AddDays(1);
            var upTo = closed < endOfDay ? closed : endOfDay;
            var activities = await RollUpAsync(day, upTo, cancellationToken);
            report = new(report.Hours + (int)(upTo - cursor).TotalHours, report.Activities + activities);
            await timeline.SaveCursorAsync(Timer, upTo, cancellationToken);
            cursor = upTo;
        }

        return report with { Unreadable = seen.Count };
    }

    internal static DateTimeOffset DueAfter(DateTimeOffset cursor) => cursor + TimeSpan.FromHours(1) + Lateness;

    /// <summary>The start of the activity still read once the cursor is here, beside the previous day's statistics.</summary>
    internal static DateTimeOffset ReadsFrom(DateTimeOffset cursor) => DayStatistics.StartOf(DayStatistics.Of(cursor)) - Overlap;

    private async Task<int> RollUpAsync(DateOnly day, DateTimeOffset upTo, CancellationToken cancellationToken)
    {
        DayCount? count = null;
        var found = true;
        for (var tries = new Retries(clock); ; await tries.NextAsync(cancellationToken))
        {
            var stored = await store.ReadAsync(day.AddDays(-1), day, cancellationToken).ToListAsync(cancellationToken);
            var known = stored.Find(each => each.Day == day);
            if (known?.UpTo >= upTo)
                return count?.Activities ?? 0;
            // The save failed and there is still no row: an unreadable one is in place. It stays, without statistics for the day.
            if (!found && known is null)
                return 0;
            found = known is not null;
            count ??= await CountAsync(DayStatistics.StartOf(day), upTo, cancellationToken);
            var before = stored.Find(each => each.Day < day);
            if (await store.TrySaveAsync(count.ToStatistics(upTo, before), known?.Version, cancellationToken))
                return count.Activities;
        }
    }

    private async Task<DayCount> CountAsync(DateTimeOffset start, DateTimeOffset upTo, CancellationToken cancellationToken)
    {
        var count = new DayCount(start);
        await foreach (var activity in timeline.ReadActivityAsync(start - Overlap, upTo.AddTicks(-1), cancellationToken))
            count.Add(activity);
        return count;
    }
}

public sealed record RollUpReport(int Hours, int Activities, int Unreadable = 0, bool Finished = true);
