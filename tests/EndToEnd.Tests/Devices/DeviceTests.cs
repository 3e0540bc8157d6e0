namespace EndToEnd.Tests.Devices;

[Collection(nameof(App))]
public sealed class DeviceTests(App app)
{
    private const string ChromeOnWindows =
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36";

    [Fact]
    public async Task My_sessions_show_every_device_and_mark_this_one()
    {
        var here = await app.LoginAsync();
        var there = (await app.Client.LoginAsync(app.Email, app.Password, userAgent: ChromeOnWindows)).IsOk();

        var list = (await app.Client.CallAsync(HttpMethod.Get, "sessions/my-sessions", here.AccessToken)).IsOk();

        var sessions = list.Json.GetProperty("sessions").EnumerateArray().ToDictionary(each => each.GetProperty("id").GetString()!);
        Assert.True(sessions[here.SessionId].GetProperty("current").GetBoolean());
        Assert.False(sessions[there.SessionId].GetProperty("current").GetBoolean());
        Assert.Equal("Chrome on Windows", sessions[there.SessionId].GetProperty("device").GetString());
        Assert.True(sessions[there.SessionId].GetProperty("online").GetBoolean());
        Assert.Equal(there.Session("lastSeenAt"), sessions[there.SessionId].GetProperty("lastSeenAt").GetString());
    }

    [Fact]
    public async Task One_device_is_ended_from_another_and_is_told_why()
    {
        var here = await app.LoginAsync();
        var there = await app.LoginAsync();
        (await app.Client.CallAsync(HttpMethod.Delete, $"sessions/{there.SessionId}", here.AccessToken)).IsEmpty();
        (await app.Client.CallAsync(HttpMethod.Delete, $"sessions/{there.SessionId}", here.AccessToken)).IsEmpty();
        (await app.Client.StatusAsync(there.AccessToken)).IsProblem(401, "session_ended", "revoked");
        (await app.Client.RefreshAsync(there.RefreshToken)).IsProblem(401, "session_ended", "revoked");
        (await app.Client.StatusAsync(here.AccessToken)).IsOk();
        (await app.Client.CallAsync(HttpMethod.Delete, $"sessions/{Guid.NewGuid():N}", here.AccessToken)).IsProblem(404, "not_found");
    }

    [OwnAppFact]
    public async Task The_session_of_somebody_else_cannot_be_ended()
    {
        var mine = await app.LoginAsync();
        var admin = (await app.Client.LoginAsync(AppSettings.AdminEmail, AppSettings.AdminPassword)).IsOk();
        (await app.Client.CallAsync(HttpMethod.Delete, $"sessions/{admin.SessionId}", mine.AccessToken)).IsProblem(404, "not_found");
        (await app.Client.StatusAsync(admin.AccessToken)).IsOk();
    }

    [Fact]
    public async Task A_history_is_read_page_by_page_newest_first()
    {
        var login = await app.LoginAsync();
        await app.Client.RefreshAsync(login.RefreshToken);

        var first = (await app.Client.CallAsync(HttpMethod.Get, "sessions/my-session-logs?limit=1", login.AccessToken)).IsOk();
        var next = first.Json.GetProperty("next").GetString();
        var second = (await app.Client.CallAsync(
            HttpMethod.Get, $"sessions/my-session-logs?limit=1&after={next}", login.AccessToken)).IsOk();

        var times = new[] { first, second }.Select(page => page.Json.GetProperty("logs")[0].GetProperty("createdAt").GetDateTimeOffset()).ToList();
        Assert.True(times[0] >= times[1]);
        Assert.NotEqual(
            first.Json.GetProperty("logs")[0].GetProperty("id").GetString(), second.Json.GetProperty("logs")[0].GetProperty("id").GetString());
    }

    [Fact]
    public async Task New_entries_move_no_page_behind_a_continuation()
    {
        var login = await app.LoginAsync();
        var refreshed = (await app.Client.RefreshAsync(login.RefreshToken)).IsOk();
        var before = await IdsAsync("limit=4");
        var next = (await PageAsync("limit=2")).GetProperty("next").GetString();

        (await app.Client.RefreshAsync(refreshed.RefreshToken)).IsOk();

        Assert.Equal(before[2..], await IdsAsync($"limit=2&after={next}"));
        Assert.Equal(before[..3], (await IdsAsync("limit=4"))[1..]);

        async Task<JsonElement> PageAsync(string query) =>
            (await app.Client.CallAsync(HttpMethod.Get, $"sessions/my-session-logs?{query}", login.AccessToken)).IsOk().Json;

        async Task<List<string?>> IdsAsync(string query) =>
            [.. (await PageAsync(query)).GetProperty("logs").EnumerateArray().Select(entry => entry.GetProperty("id").GetString())];
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=101")]
    [InlineData("limit=x")]
    [InlineData("after=x")]
    [InlineData("after=")]
    public async Task A_page_that_cannot_be_is_refused(string query)
    {
        var login = await app.LoginAsync();
        (await app.Client.CallAsync(HttpMethod.Get, $"sessions/my-session-logs?{query}", login.AccessToken)).IsProblem(400, "invalid_request");
    }

    [Fact]
    public async Task A_heartbeat_says_when_the_next_one_is_due_and_that_a_session_is_over()
    {
        var login = await app.LoginAsync();
        var beat = (await app.Client.CallAsync(HttpMethod.Post, "sessions/heartbeat", login.AccessToken)).IsOk();
        Assert.Equal(5000, beat.Json.GetProperty("nextHeartbeatMs").GetInt32());
        var other = await app.LoginAsync();
        (await app.Client.LogoutAsync(other.AccessToken)).IsEmpty();
        (await app.Client.CallAsync(HttpMethod.Post, "sessions/heartbeat", other.AccessToken)).IsProblem(401, "session_ended", "logout");
    }

    [Theory]
    [InlineData("GET", "sessions/my-sessions")]
    [InlineData("GET", "sessions/my-session-logs")]
    [InlineData("POST", "sessions/logout-all")]
    [InlineData("POST", "sessions/heartbeat")]
    [InlineData("DELETE", "sessions/0123456789abcdef0123456789abcdef")]
    [InlineData("POST", "accounts/password")]
    public async Task A_route_of_a_user_needs_a_good_session(string method, string route)
    {
        (await app.Client.SendAsync(new(new HttpMethod(method), SessionClient.Api(route)))).IsProblem(401, "token_invalid");
        var over = await app.LoginAsync();
        (await app.Client.LogoutAsync(over.AccessToken)).IsEmpty();
        (await app.Client.CallAsync(new(method), route, over.AccessToken)).IsProblem(401, "session_ended", "logout");
    }
}
