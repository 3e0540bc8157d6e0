namespace EndToEnd.Tests.Sessions;

[Collection(nameof(App))]
public sealed class CookieTests(App app)
{
    private const string Cleared = "httponly; max-age=0; path=/; samesite=lax; secure";

    [Fact]
    public async Task A_login_sets_a_cookie_for_as_long_as_the_session_is_remembered_and_tells_no_refresh_token()
    {
        var login = (await NewPage().LoginAsync(app.Email, app.Password, remember: true)).IsOk();
        Assert.False(login.Json.TryGetProperty("refreshToken", out _));
        var lifetime = login.Json.GetProperty("refreshExpiresIn").GetInt64();
        Assert.Equal(2_592_000, lifetime);
        Assert.Equal(Page.CookieName, login.Cookie!.Name);
        Assert.Equal($"httponly; max-age={lifetime}; path=/; samesite=lax; secure", login.Cookie.Attributes);
        (await app.Client.RefreshAsync(login.Cookie.Value)).IsOk();
    }

    [Fact]
    public async Task Without_remember_the_cookie_lives_as_long_as_the_browser_and_without_cookie_there_is_none()
    {
        var login = (await NewPage().LoginAsync(app.Email, app.Password)).IsOk();
        Assert.Equal("httponly; path=/; samesite=lax; secure", login.Cookie!.Attributes);
        var other = (await NewPage().LoginAsync(app.Email, app.Password, cookie: false)).IsOk();
        Assert.Null(other.Cookie);
        Assert.NotEmpty(other.RefreshToken);
    }

    [Fact]
    public async Task A_token_is_good_after_the_grace_and_rotated_only_then_where_it_comes_from_the_cookie()
    {
        var page = NewPage();
        var login = (await page.LoginAsync(app.Email, app.Password, remember: true)).IsOk();
        var withoutCookie = (await app.Client.RefreshAsync((await app.LoginAsync()).RefreshToken)).IsOk();

        var young = (await page.RefreshAsync()).IsOk();
        Assert.Null(young.Cookie);
        Assert.False(young.Json.TryGetProperty("refreshToken", out _));
        Assert.Equal(0, await app.Tables.GenerationAsync(login));
        (await app.Client.StatusAsync(young.AccessToken)).IsOk();

        await AfterTheGraceAsync();
        foreach (var body in new object?[] { null, new { attempt = "an attempt" } })
        {
            var refreshed = (await page.RefreshAsync(body)).IsOk();
            Assert.False(refreshed.Json.TryGetProperty("refreshToken", out _));
            Assert.Equal(body is null, refreshed.Cookie is not null); // The second one is young again.
        }

        Assert.Equal(1, await app.Tables.GenerationAsync(login));
        (await app.Client.RefreshAsync(withoutCookie.RefreshToken)).IsOk();
    }

    [Fact]
    public async Task A_token_in_the_body_goes_before_the_cookie_and_is_answered_in_the_body()
    {
        var (page, _) = await LoginAsync();
        var other = await app.LoginAsync();
        var refreshed = (await page.RefreshAsync(new { refreshToken = other.RefreshToken })).IsOk();
        Assert.Equal(other.SessionId, refreshed.SessionId);
        Assert.Null(refreshed.Cookie);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("null", true)]
    [InlineData("https://evil.example.com", true)]
    [InlineData("http://localhost:5174", true)]
    [InlineData("http://localhost:5173/", true)]
    [InlineData("http://localhost:5173, http://localhost:5173", true)]
    [InlineData(AppSettings.PageOrigin, false)]
    public async Task A_request_that_uses_the_cookie_needs_an_allowed_origin_and_the_header(string? origin, bool sendsProof)
    {
        var (good, login) = await LoginAsync();
        var bad = new Page(app.Client) { Origin = origin, SendsProof = sendsProof, Cookie = good.Cookie };

        foreach (var answer in new[]
        {
            await bad.LoginAsync(app.Email, app.Password), await bad.RefreshAsync(), await bad.RefreshAsync("{}"),
            await bad.LogoutAsync(), await bad.LogoutAsync(body: "{}"),
        })
        {
            Assert.Null(answer.IsProblem(403, "origin_not_allowed").Cookie);
        }

        (await app.Client.StatusAsync(login.AccessToken)).IsOk();
    }

    [Theory]
    [InlineData(AppSettings.PageOrigin, "Date, ETag, Retry-After")]
    [InlineData("https://evil.example.com", "Date, ETag, Retry-After")]
    [InlineData(null, null)]
    public async Task An_answer_to_a_page_says_which_headers_it_may_read(string? origin, string? expected)
    {
        var page = new Page(app.Client) { Origin = origin };
        foreach (var answer in new[] { await page.LoginAsync(app.Email, "wrong"), await page.RefreshAsync(), await page.LogoutAsync() })
            Assert.Equal(expected, answer.Header("Access-Control-Expose-Headers"));
    }

    [Fact]
    public async Task A_logout_by_cookie_ends_the_session_and_clears_the_cookie()
    {
        var (page, login) = await LoginAsync();
        var logout = (await page.LogoutAsync()).IsEmpty();
        Assert.Equal(new CookieSet(Page.CookieName, "", Cleared), logout.Cookie);
        (await app.Client.StatusAsync(login.AccessToken)).IsProblem(401, "session_ended", "logout");
        (await page.LogoutAsync()).IsProblem(401, "token_invalid");
    }

    [Fact]
    public async Task A_logout_by_access_token_clears_the_cookie_of_its_own_session_only()
    {
        var (page, login) = await LoginAsync();
        Assert.Null((await page.LogoutAsync((await app.LoginAsync()).AccessToken)).IsEmpty().Cookie);
        Assert.Equal(Cleared, (await page.LogoutAsync(login.AccessToken)).IsEmpty().Cookie!.Attributes);
    }

    [Fact]
    public async Task The_cookie_is_cleared_when_its_session_is_over_or_it_holds_no_token()
    {
        var (page, login) = await LoginAsync();
        (await app.Client.LogoutAsync(login.AccessToken)).IsEmpty();
        Assert.Equal(Cleared, (await page.RefreshAsync()).IsProblem(401, "session_ended", "logout").Cookie!.Attributes);

        page.Cookie = "nonsense";
        Assert.NotNull((await page.RefreshAsync()).IsProblem(401, "token_invalid").Cookie);
        page.Cookie = "";
        Assert.Null((await page.LogoutAsync()).Cookie);
    }

    [Fact]
    public async Task The_cookie_is_cleared_when_its_token_was_used_by_somebody_else()
    {
        var (page, login) = await LoginAsync();
        (await app.Client.RefreshAsync(login.Cookie!.Value)).IsOk();
        await app.Tables.EndGraceAsync(login);
        Assert.Equal(Cleared, (await page.RefreshAsync()).IsProblem(401, "token_reused").Cookie!.Attributes);
    }

    [Fact]
    public async Task A_tab_that_lost_a_race_gets_the_current_token_and_keeps_its_cookie()
    {
        var (page, login) = await LoginAsync();
        await AfterTheGraceAsync();

        var tabs = Enumerable.Range(0, 8).Select(_ => new Page(app.Client) { Cookie = login.Cookie!.Value }).ToList();
        await Task.WhenAll(tabs.Select(async tab => (await tab.RefreshAsync()).IsOk()));

        Assert.Equal(1, await app.Tables.GenerationAsync(login));
        Assert.All(tabs, tab => Assert.NotEqual(login.Cookie!.Value, tab.Cookie));
        // At once, so that a busy machine doesn't take longer than the grace.
        await Task.WhenAll(tabs.Select(async tab => (await tab.RefreshAsync()).IsOk()));
        Assert.Equal(1, await app.Tables.GenerationAsync(login));
    }

    [Fact]
    public async Task What_stands_in_a_cookie_of_another_name_cannot_pass_for_the_token()
    {
        var (page, login) = await LoginAsync();
        page.OtherCookie = $"theme=dark,{Page.CookieName}={(await app.LoginAsync()).RefreshToken}";
        Assert.Equal(login.SessionId, (await page.RefreshAsync()).IsOk().SessionId);
    }

    [Fact]
    public async Task Two_cookies_of_the_name_count_as_none_and_neither_is_cleared()
    {
        var (page, login) = await LoginAsync();
        foreach (var strange in new[] { (await app.LoginAsync()).RefreshToken, "nonsense", "" })
        {
            page.OtherCookie = $"{Page.CookieName}={strange}";
            Assert.Null((await page.RefreshAsync()).IsProblem(400, "invalid_request").Cookie);
            Assert.Null((await page.LogoutAsync()).IsProblem(401, "token_invalid").Cookie);
        }

        page.OtherCookie = "theme=dark";
        Assert.Equal(login.SessionId, (await page.RefreshAsync()).IsOk().SessionId);
    }

    [Fact]
    public async Task Several_headers_that_were_joined_count_as_no_cookie_and_nothing_is_cleared()
    {
        var (page, _) = await LoginAsync();
        page.Cookie += ",theme=dark";
        Assert.Null((await page.RefreshAsync()).IsProblem(400, "invalid_request").Cookie);
    }

    [Theory]
    [InlineData("sessions/refresh")]
    [InlineData("sessions/logout")]
    public async Task A_body_that_does_not_arrive_is_not_taken_for_none(string route)
    {
        var (page, login) = await LoginAsync();
        var request = SessionClient.Post(route, new { refreshToken = (await app.LoginAsync()).RefreshToken })
            .With("Cookie", $"{Page.CookieName}={page.Cookie}").With("Origin", page.Origin).With("X-Session-Request", "1");
        request.Headers.TransferEncodingChunked = true;
        Assert.Null((await app.Client.SendAsync(request)).IsProblem(400, "invalid_request").Cookie);
        (await app.Client.StatusAsync(login.AccessToken)).IsOk();
    }

    private Page NewPage() => new(app.Client);

    private async Task<(Page Page, Answer Login)> LoginAsync()
    {
        var page = NewPage();
        return (page, (await page.LoginAsync(app.Email, app.Password)).IsOk());
    }

    private Task AfterTheGraceAsync() => Task.Delay(app.Grace + TimeSpan.FromMilliseconds(200));
}
