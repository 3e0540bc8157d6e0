namespace EndToEnd.Tests.Sessions;

[Collection(nameof(App))]
public sealed class LoginTests(App app)
{
    private const int HalfADay = 43_200;
    private const int ThirtyDays = 2_592_000;

    [Theory]
    [InlineData(null, HalfADay)]
    [InlineData(false, HalfADay)]
    [InlineData(true, ThirtyDays)]
    public async Task A_login_gives_tokens_for_half_an_hour_and_for_half_a_day_or_thirty_days(bool? remember, int refreshSeconds)
    {
        var login = await app.LoginAsync(remember);

        Assert.Equal(1800, login.Json.Number("expiresIn"));
        Assert.Equal(refreshSeconds, login.Json.Number("refreshExpiresIn"));
        Assert.Equal(TimeSpan.FromSeconds(refreshSeconds), login.SessionTime("expiresAt") - login.SessionTime("createdAt"));
        Assert.Equal(app.Email, login.Json.GetProperty("account").Text("email"));
        Assert.Equal(login.Session("createdAt"), login.Session("lastActivityAt"));
        Assert.Equal(login.Session("createdAt"), login.Session("lastSeenAt"));
        Assert.True(login.Json.GetProperty("session").GetProperty("online").GetBoolean());
        Assert.True(login.Json.GetProperty("session").GetProperty("current").GetBoolean());
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 90)]
    public async Task A_session_has_an_end_that_no_refresh_moves(bool remember, int days)
    {
        var login = await app.LoginAsync(remember);
        var refreshed = (await app.Client.RefreshAsync(login.RefreshToken)).IsOk();
        Assert.Equal(TimeSpan.FromDays(days), login.SessionTime("absoluteExpiresAt") - login.SessionTime("createdAt"));
        Assert.Equal(login.Session("absoluteExpiresAt"), refreshed.Session("absoluteExpiresAt"));
    }

    [Fact]
    public async Task Two_logins_are_two_sessions_of_one_account()
    {
        var first = await app.LoginAsync();
        var second = await app.LoginAsync();
        Assert.NotEqual(first.SessionId, second.SessionId);
        Assert.Equal(first.UserId, second.UserId);
        (await app.Client.LogoutAsync(first.AccessToken)).IsEmpty();
        (await app.Client.StatusAsync(second.AccessToken)).IsOk();
    }

    [Theory]
    [InlineData(" \u200b ", "TestAgent/2.0")]
    [InlineData("my\u202e laptop\u2028", "Test\u200bAgent/2.0\u202e")]
    public async Task A_device_and_a_user_agent_are_told_without_what_cannot_be_seen(string device, string userAgent)
    {
        var login = (await app.Client.LoginAsync(app.Email, app.Password, device: device, userAgent: userAgent)).IsOk();
        Assert.Equal("TestAgent/2.0", login.Session("userAgent"));
        Assert.Equal(device.Contains("laptop", StringComparison.Ordinal) ? "my laptop" : null, login.Session("device"));
    }

    [Fact]
    public async Task An_email_may_be_spelled_in_any_case_and_with_blanks_around_it()
    {
        var login = (await app.Client.LoginAsync($"  {app.Email.ToUpperInvariant()} ", app.Password)).IsOk();
        Assert.Equal(app.Email, login.Json.GetProperty("account").Text("email"));
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_email_get_the_same_answer()
    {
        var known = (await app.Client.LoginAsync(app.Email, "wrong horse battery staple")).IsProblem(401, "invalid_credentials");
        var unknown = (await app.Client.LoginAsync(App.NewEmail(), app.Password)).IsProblem(401, "invalid_credentials");
        await app.LoginAsync(); // Forgets the failure.
        Assert.Equal(known.Headers.Keys, unknown.Headers.Keys);
        foreach (var name in new[] { "type", "title", "status", "detail", "code" })
            Assert.Equal(known.Json.GetProperty(name).ToString(), unknown.Json.GetProperty(name).ToString());
    }

    [Fact]
    public async Task Fields_that_the_service_does_not_know_are_ignored()
    {
        var body = new { admin = true, email = app.Email, roles = new[] { "admin" }, password = app.Password, x = new[] { 1 } };
        var login = (await app.Client.SendAsync(SessionClient.Post("sessions/login", body))).IsOk();
        Assert.Empty(login.Json.GetProperty("account").Items("roles"));
    }

    [Fact]
    public async Task A_body_of_exactly_the_most_bytes_is_read()
    {
        var json = $$"""{"email":"{{app.Email}}","password":"{{app.Password}}"}""";
        (await app.Client.SendAsync(SessionClient.Post("sessions/login", json.PadRight(16 * 1024)))).IsOk();
    }

    [OwnAppFact]
    public async Task The_address_of_a_session_is_what_the_proxy_saw_and_not_what_the_caller_claims()
    {
        var seen = App.NewAddress();
        Assert.Equal(seen, (await app.LoginAsync(from: seen)).Session("ipAddress"));
        Assert.Equal(seen, (await app.LoginAsync(from: $"203.0.113.9, {seen}:4711")).Session("ipAddress"));
        Assert.Equal("2001:db8::1", (await app.LoginAsync(from: "[2001:db8:0::1]:443")).Session("ipAddress"));
        Assert.Equal("unknown", (await app.LoginAsync(from: "203.0.113.9, somewhere")).Session("ipAddress"));
    }
}
