namespace Serverless.Functions.Timeline;

public sealed class AdminStatistics(IStatisticsStore store, ReadLiveStatistics readLive, TimeProvider clock)
{
    [Function("GetStatistics")]
    [Operation("Returns the statistics of a period, in total and by day.",
        "Counted up to `upTo`; an hour is counted 15 minutes after its end. `live` is independent of the period, and absent if it can't "
        + "be read. `limit` applies to lists of users.")]
    [Reads(typeof(DayRange), typeof(PageLimit))]
    [Answers(200, "Totals and days.", typeof(StatisticsBody))]
    public async Task<HttpResponseData> GetAsync(
        [HttpTrigger(Anonymous, "get", "head", Route = AdminRoutes.Prefix + "statistics")] HttpRequestData request,
        CancellationToken cancellationToken)
    {
        var range = DayRange.Read(request, DayStatistics.Of(clock.GetUtcNow()));
        var limit = PageLimit.Read(request);
        var days = await store.ReadAsync(range.From, range.To, cancellationToken).ToListAsync(cancellationToken);
        var live = await TryReadLiveAsync(cancellationToken);
        var statistics = new RangeStatistics(days);
        var (ended, durations, users) = (statistics.EndedByReason, statistics.Durations, statistics.TopUsers);
        var last = days.Count > 0 ? days[^1] : null;
        var body = new StatisticsBody(
            DayRange.Write(range.From), DayRange.Write(range.To), statistics.UpTo, LiveStatisticsBody.Of(live),
            days.Sum(day => day.Logins), days.Sum(day => day.FailedLogins), days.Sum(day => day.Logins), durations.Count,
            NamedCountBody.ListOf(ended), SessionDurationBody.Of(durations), days.Sum(day => day.Refreshes),
            ended.GetValueOrDefault(EndReason.TokenReuse.Name),
            last?.Active ?? 0, NamedCountBody.ListOf(last?.ActiveBySystem), NamedCountBody.ListOf(last?.ActiveByBrowser),
            UserLoginsBody.ListOf(users, limit), users.IsComplete && users.Entries.Count <= limit,
            [.. days.Select(day => StatisticsDayBody.Of(day, limit))]);
        return await request.ReplyAsync(body, WireJson.Default.StatisticsBody);
    }

    // Counted figures are shown even if the newest activity can't be read.
    private async Task<LiveStatistics?> TryReadLiveAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await readLive.ExecuteAsync(cancellationToken);
        }
        catch (StorageUnavailableException)
        {
            return null;
        }
    }
}

internal sealed record StatisticsBody(
    [RegularExpression(Pattern.Day), Description("The first day (UTC).")] string From,
    [RegularExpression(Pattern.Day), Description("The last day, inclusive.")] string To,
    [Description("Counted up to this time; null if nothing is counted yet.")] DateTimeOffset? UpTo,
    [property: JsonIgnore(Condition = WhenWritingNull)] LiveStatisticsBody? Live,
    [Description("Logins that succeeded.")] long Logins,
    [Description("Failed logins, including those refused because the email was locked.")] long FailedLogins,
    [Description("One for each login.")] long SessionsStarted,
    [Description("Sessions that ended, including expired ones once they are purged.")] long SessionsEnded,
    [Description("Ended sessions by reason, most frequent first.")] IReadOnlyList<NamedCountBody> EndedByReason,
    SessionDurationBody SessionDuration,
    [Description("How often the ended sessions had been refreshed, on any day.")] long Refreshes,
    [Description("Sessions that ended because a spent refresh token was reused.")] long TokenReuses,
    [Description("Sessions that were active at `upTo`: started, and not recorded as ended.")] long SessionsActive,
    [Description("Active sessions by the system of the device that logged in.")] IReadOnlyList<NamedCountBody> ActiveByDevice,
    [Description("Active sessions by its browser.")] IReadOnlyList<NamedCountBody> ActiveByBrowser,
    [Description("The users with the most logins.")] IReadOnlyList<UserLoginsBody> TopUsers,
    [Description("Whether the list is complete and exact.")] bool TopUsersComplete,
    [Description("The counted days, oldest first.")] IReadOnlyList<StatisticsDayBody> Days);

[Description("The figures of now, up to 5 seconds old, or a minute if much happened since `upTo`, or of `upTo` if too much did. "
    + "Absent if the statistics are a day behind, or if the activity can't be read.")]
internal sealed record LiveStatisticsBody(
    [Description("When they were read, or `upTo`.")] DateTimeOffset At,
    [Description("Sessions that are active: started, and not recorded as ended.")] long SessionsActive,
    [Description("Logins that succeeded on the UTC day of `at`.")] long LoginsToday,
    [Description("Failed logins on the UTC day of `at`.")] long FailedLoginsToday,
    [property: JsonIgnore(Condition = WhenWritingNull)]
    [Description("Users with a heartbeat within twice its interval; absent without Redis, or without its answer.")] long? OnlineUsers)
{
    public static LiveStatisticsBody? Of(LiveStatistics? live) => live is null ? null
        : new(live.At, live.SessionsActive, live.LoginsToday, live.FailedLoginsToday, live.OnlineUsers);
}

internal sealed record StatisticsDayBody(
    [RegularExpression(Pattern.Day)] string Day, long Logins, long FailedLogins,
    [Description("Distinct users who logged in.")] long Users,
    long SessionsStarted, long SessionsEnded,
    [Description("How often the ended sessions had been refreshed.")] long Refreshes,
    long TokenReuses,
    [Description("Sessions that were active at the end of the counted part of the day.")] long SessionsActive,
    [Description("The users with the most logins that day; the counts are exact.")] IReadOnlyList<UserLoginsBody> TopUsers)
{
    public static StatisticsDayBody Of(DayStatistics day, int limit) => new(
        DayRange.Write(day.Day), day.Logins, day.FailedLogins, day.Users, day.Logins, day.Durations.Count, day.Refreshes,
        day.EndedByReason.GetValueOrDefault(EndReason.TokenReuse.Name), day.Active, UserLoginsBody.ListOf(day.TopUsers, limit));
}

internal sealed record NamedCountBody([Description("`other` if it isn't recognized.")] string Name, long Count)
{
    // Omits negative counts, of sessions whose end was recorded but not their login.
    public static IReadOnlyList<NamedCountBody> ListOf(IReadOnlyDictionary<string, long>? counts) =>
    [
        .. (counts ?? new Dictionary<string, long>()).Where(each => each.Value > 0)
            .OrderByDescending(each => each.Value).Select(each => new NamedCountBody(each.Key, each.Value)),
    ];
}

[Description("How long the ended sessions lasted; null if none ended. Percentiles are accurate within 5 percent.")]
internal sealed record SessionDurationBody(long? AverageSeconds, long? P50Seconds, long? P90Seconds, long? P99Seconds)
{
    public static SessionDurationBody Of(Durations durations) => new(
        Seconds(durations.Average), Seconds(durations.Percentile(0.5)),
        Seconds(durations.Percentile(0.9)), Seconds(durations.Percentile(0.99)));

    private static long? Seconds(TimeSpan? time) => time is { } known ? (long)Math.Round(known.TotalSeconds) : null;
}

internal sealed record UserLoginsBody(
    [RegularExpression(Pattern.UserId)] string UserId, long Logins, [Description("The last login.")] DateTimeOffset LastAt)
{
    public static IReadOnlyList<UserLoginsBody> ListOf(TopList users, int limit) =>
        [.. users.Entries.Take(limit).Select(entry => new UserLoginsBody(entry.Key, entry.Count, entry.LastAt))];
}
