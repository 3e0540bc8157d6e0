namespace Serverless.Sessions.Timeline;

/// <summary>The figures of now: the last counted hour's, and the activity since. Read once in a few seconds for all callers.</summary>
public sealed class ReadLiveStatistics(ITimeline timeline, IStatisticsStore statistics, TimeProvider clock)
{
    public static readonly TimeSpan GoodFor = TimeSpan.FromSeconds(5);

    // More than that isn't counted for a request.
    private const int MostOfShard = 2_000;

    // An hour and a quarter if the roll-up keeps up.
    private static readonly TimeSpan LongestUncounted = TimeSpan.FromDays(1);

    // Concurrent requests that end a session each record it within this, and the first may be counted already.
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(1);

    // A single entry, shared by all callers.
    private readonly ReadThroughCache<ValueTuple, LiveStatistics?> _live = new(1, GoodFor, clock);

    /// <summary>Returns null if too much isn't counted yet: the roll-up is a day behind, or there is more than can be read at once.</summary>
    public ValueTask<LiveStatistics?> ExecuteAsync(CancellationToken cancellationToken) => _live.GetAsync(default, ReadAsync, cancellationToken);

    private async Task<LiveStatistics?> ReadAsync(CancellationToken cancellationToken)
    {
        var now = clock.Now();
        var today = DayStatistics.Of(now);
        var last = await statistics.ReadAsync(today.AddDays(-1), today, cancellationToken).LastOrDefaultAsync(cancellationToken);
        // Where the first roll-up will begin.
        var upTo = last?.UpTo ?? await timeline.FindOldestActivityAsync(now.StartOfHour().AddHours(1), cancellationToken) ?? now;
        if (now - upTo > LongestUncounted)
            return null;
        var activities = await timeline.FindActivityAsync(upTo - Overlap, now, ActivityFilter.All, MostOfShard, cancellationToken);
        if (activities is null)
            return null;
        var startOfToday = DayStatistics.StartOf(today);
        var (since, sinceToday) = (new DayCount(upTo), new DayCount(upTo > startOfToday ? upTo : startOfToday));
        foreach (var activity in activities)
        {
            since.Add(activity);
            sinceToday.Add(activity);
        }

        var (counted, more) = (last?.Day == today ? last : null, sinceToday.ToStatistics(now, null));
        return new(
            now, since.ToStatistics(now, last).Active, (counted?.Logins ?? 0) + more.Logins, (counted?.FailedLogins ?? 0) + more.FailedLogins);
    }
}

/// <summary>Logins and failed ones since the day (UTC) began.</summary>
public sealed record LiveStatistics(DateTimeOffset At, long SessionsActive, long LoginsToday, long FailedLoginsToday);
