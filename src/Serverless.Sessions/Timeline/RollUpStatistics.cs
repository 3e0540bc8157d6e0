using Serverless.Sessions.Storage;

namespace Serverless.Sessions.Timeline;

/// <summary>
/// Makes statistics out of activity, as soon as an hour has been over for a quarter of one. A day's statistics are a function of the
/// activity in those of its hours that are closed and of the day before, and are stored as one row in place of the row before;
/// nothing is ever added to what stands there, so a run that dies at any point, or runs twice, counts nothing twice. A row is only
/// replaced by one that goes further: a run that was overtaken changes nothing, and a day that is finished stays, whatever becomes
/// of its activity. The cursor follows the row.
/// </summary>
public sealed class RollUpStatistics(
    ITimeline timeline, IStatisticsStore store, ITimerCursors cursors, UnreadableRows unreadable, TimeProvider clock)
{
    /// <summary>The name of the cursor.</summary>
    public const string Timer = "RollUpStatistics";

    /// <summary>How long an hour is over before it is rolled up: what is recorded later isn't counted, unless a later hour of the
    /// same day is rolled up after it.</summary>
    public static readonly TimeSpan Lateness = TimeSpan.FromMinutes(15);

    // An ending that was recorded twice, shortly before and shortly after midnight, belongs to the day before.
    private static readonly TimeSpan Overlap = TimeSpan.FromHours(1);

    /// <summary>Rolls up the hours that were closed since the last run, or as many days as the time allows.</summary>
    public async Task<RollUpReport> ExecuteAsync(CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var seen = unreadable.Watch();
        var closed = (clock.GetUtcNow() - Lateness).StartOfHour();
        var cursor = await cursors.ReadCursorAsync(Timer, cancellationToken)
            ?? await BeginAsync(closed, cancellationToken);
        var report = new RollUpReport(0, 0);
        while (cursor < closed)
        {
            if (clock.GetElapsedTime(started) > TimerRun.MaximumDuration)
                return report with { Finished = false, Unreadable = seen.Count };
            var day = DayStatistics.Of(cursor);
            var endOfDay = DayStatistics.StartOf(day).AddDays(1);
            var upTo = closed < endOfDay ? closed : endOfDay;
            report += new RollUpReport(
                (int)(upTo - cursor).TotalHours, await RollUpAsync(day, upTo, cancellationToken));
            await cursors.SaveCursorAsync(Timer, upTo, cancellationToken);
            cursor = upTo;
        }

        return report with { Unreadable = seen.Count };
    }

    /// <summary>For how long the first hour behind a cursor has been due.</summary>
    internal static TimeSpan LagAt(DateTimeOffset now, DateTimeOffset cursor)
    {
        var due = cursor + TimeSpan.FromHours(1) + Lateness;
        return now > due ? now - due : TimeSpan.Zero;
    }

    /// <summary>What is still read once a cursor has got somewhere: the activity from this time on, and the statistics of the day before.</summary>
    internal static DateTimeOffset ReadsFrom(DateTimeOffset cursor) => DayStatistics.StartOf(DayStatistics.Of(cursor)) - Overlap;

    // The first run of all takes up everything that happened before it.
    private async Task<DateTimeOffset> BeginAsync(DateTimeOffset closed, CancellationToken cancellationToken)
    {
        var oldest = await timeline.FindOldestActivityAsync(closed, cancellationToken) ?? closed;
        await cursors.SaveCursorAsync(Timer, oldest, cancellationToken);
        return oldest;
    }

    private async Task<int> RollUpAsync(DateOnly day, DateTimeOffset upTo, CancellationToken cancellationToken)
    {
        var start = DayStatistics.StartOf(day);
        DayCount? count = null;
        var found = true;
        for (var tries = new Retries(clock); ; await tries.NextAsync(cancellationToken))
        {
            var stored = await store.ReadAsync(day.AddDays(-1), day, cancellationToken).ToListAsync(cancellationToken);
            var known = stored.Find(each => each.Day.Day == day);
            if (known?.Day.UpTo >= upTo)
                return count?.Activities ?? 0;
            // Nothing to replace, and no place for anything new: there is a row that can't be read, which stays. The day has no statistics.
            if (!found && known is null)
                return 0;
            found = known is not null;
            count ??= await CountAsync(start, upTo, cancellationToken);
            var before = stored.Find(each => each.Day.Day < day)?.Day;
            if (await store.TrySaveAsync(count.ToStatistics(upTo, before), known?.Version, cancellationToken))
                return count.Activities;
        }
    }

    private async Task<DayCount> CountAsync(DateTimeOffset start, DateTimeOffset upTo, CancellationToken cancellationToken)
    {
        var count = new DayCount(start);
        var activities = timeline.ReadActivityAsync(start - Overlap, upTo - TimeSpan.FromTicks(1), cancellationToken);
        await foreach (var activity in activities)
            count.Add(activity);
        return count;
    }
}

/// <summary>What a run did.</summary>
/// <param name="Hours">Hours rolled up.</param>
/// <param name="Activities">Activities counted: of each day, those of all its hours.</param>
public sealed record RollUpReport(int Hours, int Activities)
{
    /// <summary>Rows that couldn't be read and were stepped over.</summary>
    public int Unreadable { get; init; }

    /// <summary>Whether all closed hours were rolled up; otherwise the next run goes on.</summary>
    public bool Finished { get; init; } = true;

    /// <summary>Two days together.</summary>
    public static RollUpReport operator +(RollUpReport left, RollUpReport right)
    {
        return new(left.Hours + right.Hours, left.Activities + right.Activities);
    }
}
