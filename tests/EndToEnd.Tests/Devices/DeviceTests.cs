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

        var list = (await app.Client.GetAsync("sessions/my-sessions", here.AccessToken)).IsOk();

        var sessions = list.Json.Items("sessions").ToDictionary(each => each.Text("id"));
        Assert.True(sessions[here.SessionId].GetProperty("current").GetBoolean());
        var other = sessions[there.SessionId];
        Assert.False(other.GetProperty("current").GetBoolean());
        Assert.Equal("Chrome on Windows", other.Text("device"));
        Assert.True(other.GetProperty("online").GetBoolean());
        Assert.Equal(there.Session("lastSeenAt"), other.Text("lastSeenAt"));
    }

    [Fact]
    public async Task One_device_is_ended_from_another_and_is_told_why()
    {
        var here = await app.LoginAsync();
        var there = await app.LoginAsync();
        (await EndAsync(here, there.SessionId)).IsEmpty();
        (await EndAsync(here, there.SessionId)).IsEmpty();
        (await app.Client.StatusAsync(there.AccessToken)).IsProblem(401, "session_ended", "revoked");
        (await app.Client.RefreshAsync(there.RefreshToken)).IsProblem(401, "session_ended", "revoked");
        (await app.Client.StatusAsync(here.AccessToken)).IsOk();
        (await EndAsync(here, $"{Guid.NewGuid():N}")).IsProblem(404, "not_found");
    }

    [OwnAppFact]
    public async Task The_session_of_somebody_else_cannot_be_ended()
    {
        var admin = await app.Client.LoginAsAdministratorAsync();
        (await EndAsync(await app.LoginAsync(), admin.SessionId)).IsProblem(404, "not_found");
        (await app.Client.StatusAsync(admin.AccessToken)).IsOk();
    }

    [Fact]
    public async Task A_history_is_read_page_by_page_newest_first_and_new_entries_move_no_page()
    {
        var login = await app.LoginAsync();
        var refreshed = (await app.Client.RefreshAsync(login.RefreshToken)).IsOk();
        var before = await PageAsync("limit=4");
        var next = (await PageAsync("limit=2")).Text("next");
        var times = before.Items("logs").Select(entry => entry.Text("createdAt")).ToList();
        Assert.Equal(times.OrderDescending(StringComparer.Ordinal), times);

        (await app.Client.RefreshAsync(refreshed.RefreshToken)).IsOk();

        Assert.Equal(IdsOf(before)[2..], IdsOf(await PageAsync($"limit=2&after={next}")));
        Assert.Equal(IdsOf(before)[..3], IdsOf(await PageAsync("limit=4"))[1..]);

        async Task<JsonElement> PageAsync(string query) =>
            (await app.Client.GetAsync($"sessions/my-session-logs?{query}", login.AccessToken)).IsOk().Json;

        static List<string> IdsOf(JsonElement page) => [.. page.Items("logs").Select(entry => entry.Text("id"))];
    }

    [Fact]
    public async Task A_heartbeat_says_when_the_next_one_is_due()
    {
        var login = await app.LoginAsync();
        var beat = (await app.Client.CallAsync(HttpMethod.Post, "sessions/heartbeat", login.AccessToken)).IsOk();
        Assert.Equal(5000, beat.Json.Number("nextHeartbeatMs"));
    }

    private Task<Answer> EndAsync(Answer login, string session) =>
        app.Client.CallAsync(HttpMethod.Delete, $"sessions/{session}", login.AccessToken);
}
