namespace EndToEnd.Tests.Closed;

[Collection(nameof(ClosedApp))]
public sealed class ClosedTests(ClosedApp app)
{
    [Theory]
    [InlineData("")]
    [InlineData("?since=0")]
    [InlineData("?since=x")]
    public async Task A_closed_feed_is_not_found(string query) =>
        (await app.Client.GetAsync("sessions/revocations" + query)).IsProblem(404, "not_found");

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"email":"new@example.com","password":"a first horse battery staple"}""")]
    public async Task A_closed_registration_is_not_found(string json) =>
        (await app.Client.SendAsync(SessionClient.Post("accounts", json))).IsProblem(404, "not_found");

    [Theory]
    [InlineData("POST", "sessions/passkey")]
    [InlineData("POST", "sessions/passkey/options")]
    [InlineData("POST", "accounts/passkey")]
    [InlineData("POST", "accounts/passkey/options")]
    [InlineData("POST", "accounts/passkeys")]
    [InlineData("POST", "accounts/passkeys/options")]
    [InlineData("GET", "accounts/passkeys")]
    [InlineData("PATCH", "accounts/passkeys/0123456789abcdef0123456789abcdef")]
    [InlineData("DELETE", "accounts/passkeys/0123456789abcdef0123456789abcdef")]
    public async Task Without_a_relying_party_there_are_no_passkeys(string method, string route)
    {
        var token = route.StartsWith("accounts", StringComparison.Ordinal) ? (await app.LoginAsync()).AccessToken : null;
        (await app.Client.CallAsync(new(method), route, token)).IsProblem(404, "not_found");
    }

    [Fact]
    public async Task Without_a_relying_party_a_step_up_is_by_password()
    {
        var login = await app.LoginAsync();
        var ways = (await app.Client.CallAsync(HttpMethod.Post, "sessions/step-up/options", login.AccessToken)).IsOk().Json;
        Assert.Equal((true, false), (ways.GetProperty("password").GetBoolean(), ways.TryGetProperty("options", out _)));
    }

    [Fact]
    public async Task A_login_that_asks_for_a_cookie_is_told_that_there_are_none()
    {
        var answer = await new Page(app.Client).LoginAsync(AppSettings.Email, AppSettings.Password);
        answer.Refuses("cookie");
        Assert.Null(answer.Cookie);
    }

    [Fact]
    public async Task A_cookie_that_comes_all_the_same_is_ignored()
    {
        var login = await app.LoginAsync();
        var page = new Page(app.Client) { Cookie = login.RefreshToken };
        Assert.Null((await page.RefreshAsync("{}")).IsProblem(400, "invalid_request").Cookie);
        Assert.Null((await page.LogoutAsync()).IsProblem(401, "token_invalid").Cookie);
        (await app.Client.RefreshAsync(login.RefreshToken)).IsOk();
    }

    [Fact]
    public void A_mistyped_name_of_a_setting_is_warned_of_and_stops_nothing()
    {
        var warning = Assert.Single(app.Output.Split('\n'), line => line.Contains("[4004]", StringComparison.Ordinal));
        Assert.Contains(
            "The setting Sessions__Grase is unknown and has no effect; the nearest known name is Sessions__Grace",
            warning, StringComparison.Ordinal);
    }
}
