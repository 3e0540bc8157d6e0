namespace EndToEnd.Tests.Sessions;

[Collection(nameof(App))]
public sealed class WalkTests(App app)
{
    [Fact]
    public async Task The_status_of_a_session_tells_who_and_on_which_device_and_until_when()
    {
        var login = await app.LoginAsync(device: "Test bench");

        var status = (await app.Client.StatusAsync(login.AccessToken)).IsOk();

        string[] same = ["id", "device", "ipAddress", "createdAt", "lastActivityAt", "expiresAt", "absoluteExpiresAt"];
        foreach (var property in same)
            Assert.Equal(login.Session(property), status.Session(property));
        Assert.Equal("Test bench", status.Session("device"));
        Assert.False(status.Json.GetProperty("session").TryGetProperty("lastSeenAt", out _));
        Assert.False(status.Json.GetProperty("session").TryGetProperty("online", out _));
        Assert.Equal(login.Json.GetProperty("account").ToString(), status.Json.GetProperty("account").ToString());
        Assert.Equal(
            Jwt.Parse(login.AccessToken).Claims.GetProperty("exp").GetInt64(),
            status.Json.GetProperty("accessTokenExpiresAt").GetDateTimeOffset().ToUnixTimeSeconds());
        Assert.InRange(
            status.Json.GetProperty("serverTime").GetDateTimeOffset() - login.SessionTime("createdAt"), TimeSpan.Zero, TimeSpan.FromMinutes(1));
    }

    [Theory]
    [InlineData("sessions/refresh")]
    [InlineData("auth/refresh")]
    public async Task A_refresh_gives_a_new_pair_of_tokens_for_the_same_session(string route)
    {
        var login = await app.LoginAsync(remember: true);

        var refreshed = (await app.Client.RefreshAsync(login.RefreshToken, route: route)).IsOk();

        Assert.NotEqual(login.RefreshToken, refreshed.RefreshToken);
        Assert.NotEqual(login.AccessToken, refreshed.AccessToken);
        Assert.Equal(login.SessionId, refreshed.SessionId);
        Assert.Equal(1800, refreshed.Json.Number("expiresIn"));
        Assert.Equal(2_592_000, refreshed.Json.Number("refreshExpiresIn"));
        Assert.True(refreshed.SessionTime("lastActivityAt") > login.SessionTime("lastActivityAt"));
        Assert.True(refreshed.SessionTime("expiresAt") > login.SessionTime("expiresAt"));
        Assert.Equal(1, await app.Tables.GenerationAsync(login));
        Assert.Equal(["token_refresh", "login"], await app.Tables.LogAsync(login));
    }

    [Fact]
    public async Task A_refresh_is_seen_at_once_with_the_access_token_from_before_which_stays_good()
    {
        var login = await app.LoginAsync();
        (await app.Client.StatusAsync(login.AccessToken)).IsOk();
        var refreshed = (await app.Client.RefreshAsync(login.RefreshToken)).IsOk();
        var status = (await app.Client.StatusAsync(login.AccessToken)).IsOk();
        Assert.Equal(refreshed.Session("lastActivityAt"), status.Session("lastActivityAt"));
        Assert.Equal(refreshed.Session("expiresAt"), status.Session("expiresAt"));
        (await app.Client.LogoutAsync(login.AccessToken)).IsEmpty();
    }

    [Fact]
    public async Task Many_refreshes_in_a_row_each_rotate_once()
    {
        var login = await app.LoginAsync();
        var current = login;
        for (var i = 0; i < 10; i++)
            current = (await app.Client.RefreshAsync(current.RefreshToken)).IsOk();
        Assert.Equal(10, await app.Tables.GenerationAsync(login));
        Assert.Equal(10, (await app.Tables.LogAsync(login)).Count(action => action == "token_refresh"));
        (await app.Client.StatusAsync(current.AccessToken)).IsOk();
    }

    [Fact]
    public async Task A_logout_ends_both_tokens_at_once()
    {
        var login = await app.LoginAsync();
        (await app.Client.StatusAsync(login.AccessToken)).IsOk();
        (await app.Client.LogoutAsync(login.AccessToken)).IsEmpty();
        (await app.Client.StatusAsync(login.AccessToken)).IsProblem(401, "session_ended", "logout");
        (await app.Client.RefreshAsync(login.RefreshToken)).IsProblem(401, "session_ended", "logout");
        (await app.Client.LogoutAsync(login.AccessToken)).IsProblem(401, "session_ended", "logout");
        Assert.Equal(["logout", "login"], await app.Tables.LogAsync(login));
    }

    [Fact]
    public async Task A_logout_takes_the_refresh_token_as_well()
    {
        var login = await app.LoginAsync();
        (await app.Client.LogoutByRefreshTokenAsync(login.RefreshToken)).IsEmpty();
        (await app.Client.StatusAsync(login.AccessToken)).IsProblem(401, "session_ended", "logout");
        (await app.Client.LogoutByRefreshTokenAsync(login.RefreshToken)).IsProblem(401, "session_ended", "logout");
    }
}
