namespace EndToEnd.Tests.Sessions;

[Collection(nameof(DefendedApp))]
public sealed class PolicyTests(DefendedApp app)
{
    private static readonly int Seconds = (int)DefendedApp.Inactivity.TotalSeconds;

    [Fact]
    public async Task A_user_who_does_nothing_is_logged_out_by_the_policy_of_the_role()
    {
        var login = await LoginAsHastyAsync(await app.NewUserAsync());
        Assert.Equal((Seconds, Seconds), (login.Json.Number("inactivityTimeout"), login.Json.Number("refreshExpiresIn")));
        Assert.InRange(login.Json.Number("expiresIn"), Seconds - 1, Seconds);
        Assert.Equal(Seconds, (await app.Client.StatusAsync(login.AccessToken)).IsOk().Json.Number("inactivityTimeout"));

        var idle = (await app.Client.RefreshAsync(login.RefreshToken, from: App.NewAddress(), idleFor: Seconds - 60)).IsOk();
        Assert.Equal((Seconds, 60), (idle.Json.Number("inactivityTimeout"), idle.Json.Number("refreshExpiresIn")));
        var back = (await app.Client.RefreshAsync(idle.RefreshToken, from: App.NewAddress(), idleFor: 0)).IsOk();
        Assert.Equal(Seconds, back.Json.Number("refreshExpiresIn"));

        (await app.Client.RefreshAsync(back.RefreshToken, from: App.NewAddress(), idleFor: Seconds)).IsProblem(401, "session_ended", "inactive");
        (await app.Client.StatusAsync(back.AccessToken)).IsProblem(401, "session_ended", "inactive");
        Assert.Equal("session_expired", (await app.Tables.LogAsync(login))[0]);
    }

    [Fact]
    public async Task A_policy_is_of_a_role_and_takes_hold_of_an_open_session_at_its_next_refresh()
    {
        var email = await app.NewUserAsync();
        var login = (await app.Client.SendAsync(SessionClient.Post(
            "sessions/login", new { email, password = AppSettings.Password, remember = true }, App.NewAddress()))).IsOk();
        Assert.False(login.Json.TryGetProperty("inactivityTimeout", out _));
        Assert.Equal(30 * 86_400, login.Json.Number("refreshExpiresIn"));

        var hasty = await LoginAsHastyAsync(email);
        (await app.Client.StatusAsync(login.AccessToken)).IsProblem(401, "session_ended", "evicted");
        await GiveRolesAsync(hasty);
        // The user asked to stay logged in, and no role forbids it any more.
        var free = (await app.Client.RefreshAsync(hasty.RefreshToken, from: App.NewAddress())).IsOk();
        Assert.Equal(30 * 86_400, free.Json.Number("refreshExpiresIn"));
    }

    [Fact]
    public async Task A_heartbeat_says_whether_the_user_is_active()
    {
        // Of two sessions: with Redis, storage has the first heartbeat of each, and then one a minute.
        var user = await app.NewUserAsync();
        var (idle, busy) = (await app.LoginAsAsync(user), await app.LoginAsAsync(user));
        (await BeatAsync(idle, new { active = "yes" })).Refuses("active");
        var before = await ReadAsync(idle);
        (await BeatAsync(idle, new { active = false })).IsOk();
        var after = await ReadAsync(idle);
        Assert.Equal(before["LastActiveAt"], after["LastActiveAt"]);
        Assert.NotEqual(before["LastSeenAt"], after["LastSeenAt"]);
        before = await ReadAsync(busy);
        (await BeatAsync(busy, null)).IsOk();
        Assert.NotEqual(before["LastActiveAt"], (await ReadAsync(busy))["LastActiveAt"]);
        var shown = Assert.Single((await app.Client.GetAsync($"presence?users={busy.UserId}", busy.AccessToken)).IsOk().Json.Items("users"));
        Assert.Equal((true, true), (shown.GetProperty("online").GetBoolean(), shown.GetProperty("isActive").GetBoolean()));

        Task<Answer> BeatAsync(Answer login, object? body) => app.Client.CallAsync(HttpMethod.Post, "sessions/heartbeat", login.AccessToken, body);
        async Task<TableEntity> ReadAsync(Answer login) => (await Tables.FindAsync(app.Tables.Sessions, login.UserId, $"p:{login.SessionId}"))!;
    }

    private async Task<Answer> LoginAsHastyAsync(string email)
    {
        await GiveRolesAsync(await app.LoginAsAsync(email), "hasty");
        return (await app.Client.SendAsync(SessionClient.Post(
            "sessions/login", new { email, password = AppSettings.Password, remember = true }, App.NewAddress()))).IsOk();
    }

    private async Task GiveRolesAsync(Answer user, params string[] roles) => (await app.Client.CallAsync(
        HttpMethod.Patch, $"admin/accounts/{user.UserId}", (await app.LoginAsAdministratorAsync()).AccessToken, new { roles })).IsOk();
}
