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
        var admin = (await app.Client.LoginAsync(AppSettings.AdminEmail, AppSettings.AdminPassword)).IsOk();
        var known = admin.UserId;
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
        await RunToTheEndAsync();

        var statistics = await GetAsync($"admin/statistics?from={DayText}&to={DayText}", admin);
        Assert.Equal(
            [3, 3, 3, 2, 7, 1, 1], NumbersOf(statistics, "logins", "sessionsStarted", "failedLogins", "sessionsEnded", "refreshes", "tokenReuses", "sessionsActive"));
        Assert.Equal(Day.AddDays(1), statistics.GetProperty("upTo").GetDateTimeOffset());
        Assert.Equal("""[{"name":"expired_idle","count":1},{"name":"token_reuse","count":1}]""", statistics.GetProperty("endedByReason").GetRawText());
        Assert.Equal("""[{"name":"Windows","count":1}]""", statistics.GetProperty("activeByDevice").GetRawText());
        Assert.Equal("""[{"name":"Edge","count":1}]""", statistics.GetProperty("activeByBrowser").GetRawText());
        Assert.Equal(330, statistics.GetProperty("sessionDuration").GetProperty("averageSeconds").GetInt32());
        Assert.InRange(statistics.GetProperty("sessionDuration").GetProperty("p99Seconds").GetInt32(), 570, 630);
        Assert.True(statistics.GetProperty("topUsersComplete").GetBoolean());
        var user = Assert.Single(statistics.GetProperty("topUsers").EnumerateArray());
        Assert.Equal((known, 3), (user.GetProperty("userId").GetString(), user.GetProperty("logins").GetInt32()));
        Assert.Equal([3, 3, 1, 2], NumbersOf(
            Assert.Single(statistics.GetProperty("days").EnumerateArray()), "logins", "failedLogins", "users", "sessionsEnded"));

        var failed = await GetAsync($"admin/failed-logins?from={DayText}&to={DayText}", admin);
        Assert.Equal(3, failed.GetProperty("failedLogins").GetInt32());
        Assert.Equal(
            [(null, unknown, 2), (known, null, 1)],
            failed.GetProperty("accounts").EnumerateArray().Select(each => (
                each.GetProperty("userId").GetString(), each.GetProperty("accountKey").GetString(), each.GetProperty("failedLogins").GetInt32())));
        Assert.Equal("203.0.113.50", Assert.Single(failed.GetProperty("addresses").EnumerateArray()).GetProperty("address").GetString());

        var cut = await GetAsync($"admin/failed-logins?from={DayText}&to={DayText}&limit=1", admin);
        Assert.Single(cut.GetProperty("accounts").EnumerateArray());
        Assert.False(cut.GetProperty("accountsComplete").GetBoolean());

        // The last 30 days; those without anything are carried on.
        var month = await GetAsync("admin/statistics", admin);
        Assert.InRange(month.GetProperty("days").GetArrayLength(), 5, 6);
        Assert.Equal(1, month.GetProperty("sessionsActive").GetInt32());
    }

    [OwnAppTheory]
    [InlineData("from=yesterday", "from")]
    [InlineData("from=2026-02-29", "from")]
    [InlineData("to=2026-3-1", "to")]
    [InlineData("to=2026-03-01T00:00:00Z", "to")]
    [InlineData("from=2026-03-02&to=2026-03-01", "from")]
    [InlineData("from=2024-12-31&to=2026-02-04", "from")]
    [InlineData("from=0001-01-01", "from")]
    [InlineData("from=9999-12-31", "from")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=101", "limit")]
    public async Task A_wrong_range_is_named(string query, string field)
    {
        var admin = (await app.Client.LoginAsync(AppSettings.AdminEmail, AppSettings.AdminPassword)).IsOk();
        foreach (var route in (string[])["statistics", "failed-logins"])
            (await app.Client.CallAsync(HttpMethod.Get, $"admin/{route}?{query}", admin.AccessToken)).Refuses(field);
    }

    [OwnAppTheory]
    [InlineData("from=2025-01-01&to=2026-02-04")]
    [InlineData("to=0001-01-01")]
    [InlineData("from=9999-12-31&to=9999-12-31")]
    public async Task The_ends_of_what_is_allowed_are_allowed(string query)
    {
        var admin = (await app.Client.LoginAsync(AppSettings.AdminEmail, AppSettings.AdminPassword)).IsOk();
        var statistics = await GetAsync($"admin/statistics?{query}", admin);
        Assert.Equal(JsonValueKind.Null, statistics.GetProperty("upTo").ValueKind);
        Assert.Equal(0, statistics.GetProperty("days").GetArrayLength());
    }

    private static (string Column, object Value)[] End(Guid session, string reason, double seconds, int generation) =>
    [
        ("SessionId", $"{session:N}"), ("EndReason", reason), ("DurationSeconds", seconds), ("Generation", generation),
        ("System", "Windows"), ("Browser", "Edge"),
    ];

    private static List<int> NumbersOf(JsonElement answer, params string[] names) => [.. names.Select(name => answer.GetProperty(name).GetInt32())];

    private async Task RecordAsync(Guid id, string kind, double hour, params (string Column, object Value)[] columns)
    {
        var at = Day.AddHours(hour);
        var row = new TableEntity($"a:00:{at:yyyyMMddHH}", $"{at.UtcTicks:D19}:{id:N}") { ["Kind"] = kind, ["At"] = at, ["AddressGroup"] = "203.0.113.50" };
        foreach (var (column, value) in columns)
            row[column] = value;
        await app.Tables.Timeline.AddEntityAsync(row);
    }

    // A first run begins with the oldest activity; it saves its cursor after each day.
    private async Task RunToTheEndAsync()
    {
        await app.Tables.Security.DeleteEntityAsync("cursor", Timer, ETag.All);
        var closed = TimeProvider.System.GetUtcNow().AddMinutes(-75);
        Assert.Equal(202, (await app.Client.RunTimerAsync(Timer)).Status);
        await Eventually.TrueAsync($"{Timer} has run", async () =>
            await Tables.FindAsync(app.Tables.Security, "cursor", Timer) is { } cursor && cursor.GetDateTimeOffset("UpTo") > closed);
    }

    private async Task<JsonElement> GetAsync(string route, Answer admin) =>
        (await app.Client.CallAsync(HttpMethod.Get, route, admin.AccessToken)).IsOk().Json;
}
