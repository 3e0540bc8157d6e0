namespace Serverless.Sessions.Timeline;

/// <summary>The figures of now: the last counted hour's, and the activity since. Read once in a few seconds for all callers, or once a
/// minute if there is much of it.</summary>
public sealed class ReadLiveStatistics(
    ITimeline timeline, IStatisticsStore statistics, IOptions<PresenceOptions> presence, TimeProvider clock, ISharedPresence? shared = null)
{
    public static readonly TimeSpan CacheLifetime = TimeSpan.FromSeconds(5);

    // With more activities a reading takes several pages of each shard. A minute, with the above.
    private const int MostOfSmall = 5_000;
    private static readonly TimeSpan LargeGoodFor = TimeSpan.FromSeconds(55);

    // More than that isn't counted for a request.
    private const int MostOfShard = 2_000;

    // An hour and a quarter if the roll-up keeps up.
    private static readonly TimeSpan LongestUncounted = TimeSpan.FromDays(1);

    // Concurrent requests that end a session each record it within this, and the first may be counted already.
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(1);

    // A single entry each, shared by all callers.
    private readonly ReadThroughCache<ValueTuple, Reading> _last = new(1, CacheLifetime, clock);
    private readonly ReadThroughCache<ValueTuple, Reading> _large = new(1, LargeGoodFor, clock, reading => reading.IsLarge);

    /// <summary>Returns null if the roll-up is a day behind, and the figures of its last hour if there is more than can be read at
    /// once.</summary>
    public async ValueTask<LiveStatistics?> ExecuteAsync(CancellationToken cancellationToken) =>
        (await _last.GetAsync(default, token => _large.GetAsync(default, ReadAsync, token).AsTask(), cancellationToken)).Statistics;

    private async Task<Reading> ReadAsync(CancellationToken cancellationToken)
    {
        var now = clock.Now();
        var day = DayStatistics.Of(now);
        var last = await statistics.ReadAsync(day.AddDays(-1), day, cancellationToken).LastOrDefaultAsync(cancellationToken);
        // Where the first roll-up will begin.
        var upTo = last?.UpTo ?? await timeline.FindOldestActivityAsync(now.StartOfHour().AddHours(1), cancellationToken) ?? now;
        if (now - upTo > LongestUncounted)
            return new(null, IsLarge: false);
        var activities = await timeline.FindActivityAsync(upTo - Overlap, now, ActivityFilter.All, MostOfShard, cancellationToken);
        // During a password-guessing flood, show the last counted figures.
        var at = activities is null ? upTo : now;
        var today = DayStatistics.Of(at);
        var startOfToday = DayStatistics.StartOf(today);
        var (since, sinceToday) = (new DayCount(upTo), new DayCount(upTo > startOfToday ? upTo : startOfToday));
        foreach (var activity in activities ?? [])
        {
            since.Add(activity);
            sinceToday.Add(activity);
        }

        var online = shared is null ? null : await shared.CountOnlineAsync(presence.Value.OnlineWindow, cancellationToken);
        var (counted, more) = (last?.Day == today ? last : null, sinceToday.ToStatistics(at, null));
        var live = new LiveStatistics(
            at, since.ToStatistics(at, last).Active, (counted?.Logins ?? 0) + more.Logins, (counted?.FailedLogins ?? 0) + more.FailedLogins,
            online);
        return new(live, IsLarge: activities is not { Count: <= MostOfSmall });
    }

    private sealed record Reading(LiveStatistics? Statistics, bool IsLarge);
}

/// <summary>Logins and failed ones are since the day (UTC) of <c>At</c> began; <c>OnlineUsers</c> is null where instances don't share
/// presence: each knows the heartbeats that it got, and storage has them by user.</summary>
public sealed record LiveStatistics(
    DateTimeOffset At, long SessionsActive, long LoginsToday, long FailedLoginsToday, long? OnlineUsers = null);
