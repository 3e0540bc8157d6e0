namespace EndToEnd.Tests.Timers;

/// <summary>Statistics of a day before this run, from activity put into storage.</summary>
[Collection(nameof(App))]
public sealed class RollUpStatisticsTests(App app)
{
    private const string Timer = "RollUpStatistics";

    private static readonly DateTimeOffset Day = new DateTimeOffset(TimeProvider.System.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero).AddDays(-5);
    private static readonly string DayText = Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    [OwnAppFact]
    public async Task What_happened_on_a_day_is_told_to_administrators()
    {
        var known = (await app.Client.LoginAsAdministratorAsync()).UserId;
        var unknown = Guid.NewGuid().ToString("N");
        var (ended, expired, active) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        foreach (var session in (Guid[])[ended, expired, active])
            await RecordAsync(Guid.NewGuid(), "Login", 9, ("UserId", known), ("SessionId", $"{session:N}"), ("System", "Windows"), ("Browser", "Edge"));
        await RecordAsync(ended, "SessionEnded", 10, End(ended, "token_reuse", seconds: 60, generation: 2));
        await RecordAsync(ended, "SessionEnded", 10.001, End(ended, "logout", seconds: 64, generation: 2));
        await RecordAsync(expired, "SessionEnded", 23, End(expired, "expired_idle", seconds: 600, generation: 5));
        await RecordAsync(Guid.NewGuid(), "FailedLogin", 11, ("UserId", known), ("AccountKey", unknown));
        await RecordAsync(Guid.NewGuid(), "FailedLogin", 12, ("AccountKey", unknown));
        await RecordAsync(Guid.NewGuid(), "FailedLogin", 13, ("AccountKey", unknown));
        // A first run begins with the oldest activity.
        await app.Tables.Security.DeleteEntityAsync("cursor", Timer, ETag.All);
        await app.RunToTheEndAsync(Timer);

        var statistics = await GetAsync($"statistics?from={DayText}&to={DayText}");
        Assert.Equal(
            [3, 3, 3, 2, 7, 1, 1], NumbersOf(statistics, "logins", "sessionsStarted", "failedLogins", "sessionsEnded", "refreshes", "tokenReuses", "sessionsActive"));
        Assert.Equal(Day.AddDays(1), statistics.GetProperty("upTo").GetDateTimeOffset());
        Assert.Equal("""[{"name":"expired_idle","count":1},{"name":"token_reuse","count":1}]""", statistics.GetProperty("endedByReason").GetRawText());
        Assert.Equal("""[{"name":"Windows","count":1}]""", statistics.GetProperty("activeByDevice").GetRawText());
        Assert.Equal("""[{"name":"Edge","count":1}]""", statistics.GetProperty("activeByBrowser").GetRawText());
        Assert.Equal(330, statistics.GetProperty("sessionDuration").Number("averageSeconds"));
        Assert.InRange(statistics.GetProperty("sessionDuration").Number("p99Seconds"), 570, 630);
        Assert.True(statistics.GetProperty("topUsersComplete").GetBoolean());
        var user = Assert.Single(statistics.Items("topUsers"));
        Assert.Equal((known, 3), (user.Text("userId"), user.Number("logins")));
        var day = Assert.Single(statistics.Items("days"));
        Assert.Equal([3, 3, 1, 2], NumbersOf(day, "logins", "failedLogins", "users", "sessionsEnded"));

        var failed = await GetAsync($"failed-logins?from={DayText}&to={DayText}");
        Assert.Equal(3, failed.Number("failedLogins"));
        Assert.Equal<(string?, string?, int)>(
            [(null, unknown, 2), (known, null, 1)],
            failed.Items("accounts").Select(each => ((string?)each.Text("userId"), (string?)each.Text("accountKey"), each.Number("failedLogins"))));
        Assert.Equal("203.0.113.50", Assert.Single(failed.Items("addresses")).Text("address"));

        var cut = await GetAsync($"failed-logins?from={DayText}&to={DayText}&limit=1");
        Assert.Single(cut.Items("accounts"));
        Assert.False(cut.GetProperty("accountsComplete").GetBoolean());

        // The last 30 days; those without anything are carried on.
        var month = await GetAsync("statistics");
        Assert.InRange(month.GetProperty("days").GetArrayLength(), 5, 6);
        Assert.Equal(1, month.Number("sessionsActive"));
    }

    [OwnAppFact]
    public async Task A_login_is_in_the_live_figures_within_seconds()
    {
        await app.RunToTheEndAsync(Timer);
        var before = (await GetAsync("statistics")).GetProperty("live");
        var login = await app.LoginAsync();
        await Eventually.TrueAsync("the login is counted", async () => (await GetAsync("statistics")).GetProperty("live") is var live
            && live.Number("sessionsActive") > before.Number("sessionsActive")
            && live.GetProperty("at").GetDateTimeOffset() >= login.SessionTime("createdAt"));
    }

    [OwnAppTheory]
    [InlineData("from=2026-02-29", "from")]
    [InlineData("to=2026-3-1", "to")]
    [InlineData("to=2026-03-01T00:00:00Z", "to")]
    [InlineData("from=2026-03-02&to=2026-03-01", "from")]
    [InlineData("from=2024-12-31&to=2026-02-04", "from")]
    [InlineData("from=0001-01-01", "from")]
    [InlineData("from=9999-12-31", "from")]
    public async Task A_wrong_range_is_named(string query, string field)
    {
        (await app.AdminGetAsync($"admin/statistics?{query}")).Refuses(field);
        (await app.AdminGetAsync($"admin/failed-logins?{query}")).Refuses(field);
    }

    [OwnAppTheory]
    [InlineData("from=2025-01-01&to=2026-02-04")]
    [InlineData("to=0001-01-01")]
    [InlineData("from=9999-12-31&to=9999-12-31")]
    public async Task The_ends_of_what_is_allowed_are_allowed(string query)
    {
        var statistics = await GetAsync($"statistics?{query}");
        Assert.Equal(JsonValueKind.Null, statistics.GetProperty("upTo").ValueKind);
        Assert.Equal(0, statistics.GetProperty("days").GetArrayLength());
    }

    private static (string Column, object Value)[] End(Guid session, string reason, double seconds, int generation) =>
    [
        ("SessionId", $"{session:N}"), ("EndReason", reason), ("DurationSeconds", seconds), ("Generation", generation),
        ("System", "Windows"), ("Browser", "Edge"),
    ];

    private static List<int> NumbersOf(JsonElement answer, params string[] names) =>
        [.. names.Select(name => answer.Number(name))];

    private async Task RecordAsync(Guid id, string kind, double hour, params (string Column, object Value)[] columns)
    {
        var at = Day.AddHours(hour);
        var row = new TableEntity($"a:00:{at:yyyyMMddHH}", $"{at.UtcTicks:D19}:{id:N}") { ["Kind"] = kind, ["At"] = at, ["AddressGroup"] = "203.0.113.50" };
        foreach (var (column, value) in columns)
            row[column] = value;
        await app.Tables.Timeline.AddEntityAsync(row);
    }

    private async Task<JsonElement> GetAsync(string route) => (await app.AdminGetAsync($"admin/{route}")).IsOk().Json;
}
