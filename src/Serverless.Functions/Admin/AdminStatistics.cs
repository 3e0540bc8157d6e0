using System.Globalization;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Serverless.Functions.Http;
using Serverless.Sessions.Ending;
using Serverless.Sessions.Timeline;

namespace Serverless.Functions.Admin;

/// <summary>GET admin/statistics</summary>
public sealed class AdminStatistics(IStatisticsStore store, Callers callers, TimeProvider clock)
{
    /// <summary>GET: what happened from one day to another, in sum and day by day.</summary>
    [Function("GetStatistics")]
    public async Task<HttpResponseData> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = AdminRoutes.Prefix + "statistics")] HttpRequestData request,
        CancellationToken cancellationToken)
    {
        var (_, problem) = await callers.AuthorizeAdminAsync(request, cancellationToken);
        var range = DayRange.Read(request, DayStatistics.Of(clock.GetUtcNow()), ref problem);
        var limit = PageLimit.Read(request, ref problem);
        if (problem is not null)
            return await request.ReplyAsync(problem);
        var days = await store.ReadAsync(range.From, range.To, cancellationToken).Select(stored => stored.Day)
            .ToListAsync(cancellationToken);
        return await request.ReplyAsync(StatisticsBody.Of(range, new(days), limit), WireJson.Default.StatisticsBody);
    }
}

/// <summary>Statistics on the wire.</summary>
internal sealed record StatisticsBody(
    string From,
    string To,
    DateTimeOffset? UpTo,
    long Logins,
    long FailedLogins,
    long SessionsStarted,
    long SessionsEnded,
    IReadOnlyList<NamedCountBody> EndedByReason,
    SessionDurationBody SessionDuration,
    long Refreshes,
    long TokenReuses,
    long SessionsActive,
    IReadOnlyList<NamedCountBody> ActiveByDevice,
    IReadOnlyList<NamedCountBody> ActiveByBrowser,
    IReadOnlyList<UserLoginsBody> TopUsers,
    bool TopUsersComplete,
    IReadOnlyList<StatisticsDayBody> Days)
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

/// <summary>A day on the wire.</summary>
internal sealed record StatisticsDayBody(
    string Day,
    long Logins,
    long FailedLogins,
    long Users,
    long SessionsStarted,
    long SessionsEnded,
    long Refreshes,
    long TokenReuses,
    long SessionsActive,
    IReadOnlyList<UserLoginsBody> TopUsers)
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

/// <summary>How many there were of something.</summary>
internal sealed record NamedCountBody(string Name, long Count)
{
    // A login that wasn't recorded may still be missing from the other side of the balance.
    public static IReadOnlyList<NamedCountBody> ListOf(IReadOnlyDictionary<string, long>? counts) =>
    [
        .. (counts ?? new Dictionary<string, long>()).Where(each => each.Value > 0)
            .OrderByDescending(each => each.Value).Select(each => new NamedCountBody(each.Key, each.Value)),
    ];
}

/// <summary>How long sessions lasted, in seconds.</summary>
internal sealed record SessionDurationBody(long? AverageSeconds, long? P50Seconds, long? P90Seconds, long? P99Seconds)
{
    public static SessionDurationBody Of(Durations durations) => new(
        Seconds(durations.Average), Seconds(durations.Percentile(0.5)), Seconds(durations.Percentile(0.9)), Seconds(durations.Percentile(0.99)));

    private static long? Seconds(TimeSpan? time) => time is { } known ? (long)Math.Round(known.TotalSeconds) : null;
}

/// <summary>How often a user logged in.</summary>
internal sealed record UserLoginsBody(string UserId, long Logins, DateTimeOffset LastAt)
{
    public static IReadOnlyList<UserLoginsBody> ListOf(TopList users, int limit) =>
        [.. users.Entries.Take(limit).Select(entry => new UserLoginsBody(entry.Key, entry.Count, entry.LastAt))];
}
