namespace Serverless.Functions.Timeline;

/// <summary>GET admin/statistics</summary>
public sealed class AdminStatistics(IStatisticsStore store, TimeProvider clock)
{
    [Function("GetStatistics")]
    [Operation(
        "What happened on these days, in total and day by day.",
        "Counted up to `upTo`; an hour is counted 15 minutes after its end. `limit` cuts lists of users.")]
    [Reads(typeof(DayRange), typeof(PageLimit))]
    [Answers<StatisticsBody>(200, "In total and day by day.")]
    public async Task<HttpResponseData> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = AdminRoutes.Prefix + "statistics")] HttpRequestData request,
        CancellationToken cancellationToken)
    {
        var range = DayRange.Read(request, DayStatistics.Of(clock.GetUtcNow()));
        var limit = PageLimit.Read(request);
        var days = await store.ReadAsync(range.From, range.To, cancellationToken).Select(stored => stored.Day)
            .ToListAsync(cancellationToken);
        return await request.ReplyAsync(StatisticsBody.Of(range, new(days), limit), WireJson.Default.StatisticsBody);
    }
}

internal sealed record StatisticsBody(
    [RegularExpression(Pattern.Day), Description("The first day (UTC).")] string From,
    [RegularExpression(Pattern.Day), Description("The last day, inclusive.")] string To,
    [Description("Up to when it is counted; null where nothing of these days is.")] DateTimeOffset? UpTo,
    [Description("Logins that succeeded.")] long Logins,
    [Description("Logins that failed, or weren't tried because the email was locked.")] long FailedLogins,
    [Description("One for each login.")] long SessionsStarted,
    [Description("Sessions that ended, including expired ones once they are removed.")] long SessionsEnded,
    [Description("The same by reason, the most frequent first.")] IReadOnlyList<NamedCountBody> EndedByReason,
    SessionDurationBody SessionDuration,
    [Description("How often the sessions that ended had been refreshed, on whatever day that was.")] long Refreshes,
    [Description("Sessions that ended because a used refresh token was sent again.")] long TokenReuses,
    [Description("Sessions that were active at `upTo`: started, and not recorded as ended.")] long SessionsActive,
    [Description("The same by the system of the device that logged in.")] IReadOnlyList<NamedCountBody> ActiveByDevice,
    [Description("The same by its browser.")] IReadOnlyList<NamedCountBody> ActiveByBrowser,
    [Description("Who logged in most.")] IReadOnlyList<UserLoginsBody> TopUsers,
    [Description("Whether these are all who logged in, with exact counts.")] bool TopUsersComplete,
    [Description("The days that are counted, the oldest first.")] IReadOnlyList<StatisticsDayBody> Days)
{
    public static StatisticsBody Of(DayRange range, RangeStatistics statistics, int limit)
    {
        var (ended, durations, users) = (statistics.EndedByReason, statistics.Durations, statistics.TopUsers);
        var last = statistics.Days.Count > 0 ? statistics.Days[^1] : null;
        return new(
            range.From.ToString(DayRange.Format, CultureInfo.InvariantCulture),
            range.To.ToString(DayRange.Format, CultureInfo.InvariantCulture),
            statistics.UpTo,
            statistics.Sum(day => day.Logins),
            statistics.Sum(day => day.FailedLogins),
            statistics.Sum(day => day.Logins),
            durations.Count,
            NamedCountBody.ListOf(ended),
            SessionDurationBody.Of(durations),
            statistics.Sum(day => day.Refreshes),
            ended.GetValueOrDefault(EndReason.TokenReuse.Name),
            last?.Active ?? 0,
            NamedCountBody.ListOf(last?.ActiveBySystem),
            NamedCountBody.ListOf(last?.ActiveByBrowser),
            UserLoginsBody.ListOf(users, limit),
            users.IsComplete && users.Entries.Count <= limit,
            [.. statistics.Days.Select(day => StatisticsDayBody.Of(day, limit))]);
    }
}

internal sealed record StatisticsDayBody(
    [RegularExpression(Pattern.Day)] string Day,
    long Logins,
    long FailedLogins,
    [Description("Different users who logged in.")] long Users,
    long SessionsStarted,
    long SessionsEnded,
    [Description("How often these had been refreshed.")] long Refreshes,
    long TokenReuses,
    [Description("Sessions that were active at the end of what is counted of the day.")] long SessionsActive,
    [Description("Who logged in most that day; the counts are exact.")] IReadOnlyList<UserLoginsBody> TopUsers)
{
    public static StatisticsDayBody Of(DayStatistics day, int limit) => new(
        day.Day.ToString(DayRange.Format, CultureInfo.InvariantCulture),
        day.Logins,
        day.FailedLogins,
        day.Users,
        day.Logins,
        day.Durations.Count,
        day.Refreshes,
        day.EndedByReason.GetValueOrDefault(EndReason.TokenReuse.Name),
        day.Active,
        UserLoginsBody.ListOf(day.TopUsers, limit));
}

internal sealed record NamedCountBody([Description("`other` is what isn't recognized.")] string Name, long Count)
{
    // If the end of a session was recorded but its login wasn't, a count is negative; it is left out.
    public static IReadOnlyList<NamedCountBody> ListOf(IReadOnlyDictionary<string, long>? counts) =>
    [
        .. (counts ?? new Dictionary<string, long>()).Where(each => each.Value > 0)
            .OrderByDescending(each => each.Value).Select(each => new NamedCountBody(each.Key, each.Value)),
    ];
}

[Description("How long the sessions that ended had lasted; null where none ended. Percentiles are exact within 5 percent.")]
internal sealed record SessionDurationBody(long? AverageSeconds, long? P50Seconds, long? P90Seconds, long? P99Seconds)
{
    public static SessionDurationBody Of(Durations durations) => new(
        Seconds(durations.Average), Seconds(durations.Percentile(0.5)), Seconds(durations.Percentile(0.9)), Seconds(durations.Percentile(0.99)));

    private static long? Seconds(TimeSpan? time) => time is { } known ? (long)Math.Round(known.TotalSeconds) : null;
}

internal sealed record UserLoginsBody(
    [RegularExpression(Pattern.UserId)] string UserId, long Logins, [Description("The last one.")] DateTimeOffset LastAt)
{
    public static IReadOnlyList<UserLoginsBody> ListOf(TopList users, int limit) =>
        [.. users.Entries.Take(limit).Select(entry => new UserLoginsBody(entry.Key, entry.Count, entry.LastAt))];
}
