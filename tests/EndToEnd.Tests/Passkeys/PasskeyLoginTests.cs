namespace EndToEnd.Tests.Passkeys;

/// <summary>A login by passkey is one like any other.</summary>
[Collection(nameof(App))]
public sealed class PasskeyLoginTests(App app)
{
    [OwnAppFact]
    public async Task It_is_answered_and_recorded_as_a_login_by_password_is()
    {
        var (login, page) = await RegisteredAsync();
        var byPasskey = (await page.LoginAsync(with: body => (body["device"], body["remember"]) = ("My laptop", true))).IsOk();

        Assert.Equal(NamesOf(login.Json), NamesOf(byPasskey.Json));
        Assert.Equal(NamesOf(login.Json.GetProperty("session")), NamesOf(byPasskey.Json.GetProperty("session")));
        Assert.Equal((login.UserId, "My laptop"), (byPasskey.UserId, byPasskey.Session("device")));
        Assert.Equal(2_592_000, byPasskey.Json.GetProperty("refreshExpiresIn").GetInt64());
        Assert.Equal(["login"], await app.Tables.LogAsync(byPasskey));
        var claims = Jwt.Parse(byPasskey.AccessToken).Claims;
        Assert.Equal(["hwk", "user", "mfa"], claims.Items("amr").Select(method => method.GetString()));
        Assert.Equal(claims.GetProperty("iat").GetInt64(), claims.GetProperty("auth_time").GetInt64());
        var entry = (await app.Client.GetAsync("sessions/my-session-logs?limit=1", byPasskey.AccessToken)).IsOk().Json.Items("logs").Single();
        Assert.Equal(claims.GetProperty("amr").ToString(), entry.GetProperty("amr").ToString());
        var refreshed = (await app.Client.RefreshAsync(byPasskey.RefreshToken)).IsOk();
        Assert.Equal(claims.GetProperty("amr").ToString(), Jwt.Parse(refreshed.AccessToken).Claims.GetProperty("amr").ToString());
        // A device that the account doesn't know.
        var notices = (await app.Client.GetAsync("sessions/notices", login.AccessToken)).IsOk().Json.Items("notices");
        Assert.Contains(notices, notice => notice.Text("kind") == "new_device" && notice.Text("sessionId") == byPasskey.SessionId);
    }

    [OwnAppTheory]
    [InlineData(false, false, "hwk user")]
    [InlineData(false, true, "hwk user mfa")]
    [InlineData(true, false, "swk user")]
    [InlineData(true, true, "swk user mfa")]
    public async Task The_token_tells_what_the_passkey_proved(bool isSynced, bool verifies, string methods)
    {
        var (_, page) = await RegisteredAsync(new(AppSettings.PageOrigin) { IsSynced = isSynced, VerifiesUser = verifies });
        var amr = Jwt.Parse((await page.LoginAsync()).IsOk().AccessToken).Claims.Items("amr");
        Assert.Equal(methods, string.Join(' ', amr.Select(method => method.GetString())));
    }

    [OwnAppFact]
    public async Task It_sets_the_cookie_where_it_is_asked_to_and_only_for_pages_that_may_have_it()
    {
        var (_, page) = await RegisteredAsync();
        var login = (await page.LoginAsync(with: body => body["cookie"] = true)).IsOk();
        Assert.False(login.Json.TryGetProperty("refreshToken", out _));
        Assert.Equal((Page.CookieName, "httponly; path=/; samesite=lax; secure"), (login.Cookie!.Name, login.Cookie.Attributes));
        (await app.Client.RefreshAsync(login.Cookie.Value)).IsOk();

        var elsewhere = new PasskeyPage(app.Client, page.Authenticator) { Origin = null };
        Assert.Null((await elsewhere.LoginAsync(with: body => body["cookie"] = true)).IsProblem(403, "origin_not_allowed").Cookie);
        Assert.Null((await elsewhere.LoginAsync()).IsOk().Cookie);
    }

    [OwnAppFact]
    public async Task Of_64_parallel_uses_of_one_assertion_one_opens_a_session()
    {
        var (login, page) = await RegisteredAsync();
        var body = page.Get((await page.AskAsync(PasskeyPage.Login)).IsOk());

        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => page.PostAsync(PasskeyPage.Login, body)));

        Assert.Single(answers, answer => answer.Status == 200);
        Assert.All(answers.Where(answer => answer.Status != 200), answer => answer.IsProblem(400, "ceremony_used"));
        var sessions = (await app.Client.GetAsync("sessions/my-sessions", login.AccessToken)).IsOk().Json.Items("sessions");
        Assert.Equal(2, sessions.Count);
    }

    [OwnAppFact]
    public async Task It_goes_on_where_wrong_passwords_have_locked_the_email()
    {
        var email = await app.NewAccountAsync();
        var page = new PasskeyPage(app.Client);
        (await page.RegisterAsync((await app.Client.LoginAsync(email, AppSettings.Password)).IsOk())).Is(201);
        for (var i = 0; i < 5; i++)
            await app.Client.LoginAsync(email, AppSettings.WrongPassword);
        (await app.Client.LoginAsync(email, AppSettings.Password)).IsProblem(429, "account_locked");
        (await page.LoginAsync()).IsOk();
        // Nor does it lift the lock.
        (await app.Client.LoginAsync(email, AppSettings.Password)).IsProblem(429, "account_locked");
    }

    [OwnAppFact]
    public async Task It_restores_an_account_that_is_closing()
    {
        var (login, page) = await RegisteredAsync();
        (await app.Client.CallAsync(HttpMethod.Post, "accounts/me/deletion", login.AccessToken, new { password = AppSettings.Password })).IsEmpty();
        (await page.LoginAsync()).IsProblem(403, "account_closing");
        Assert.Equal(login.UserId, (await page.LoginAsync(with: body => body["restore"] = true)).IsOk().UserId);
        (await page.LoginAsync()).IsOk();
    }

    [OwnAppFact]
    public async Task It_opens_no_disabled_account_and_says_no_more_than_of_an_unknown_passkey()
    {
        var (login, page) = await RegisteredAsync();
        var route = $"admin/accounts/{login.UserId}";
        (await app.AdminAsync(HttpMethod.Patch, route, new { disabled = true })).IsOk();
        var disabled = (await page.LoginAsync()).IsProblem(401, "passkey_unknown");
        var (_, other) = await RegisteredAsync();
        var unknown = (await other.LoginAsync(new() { Passkey = other.Authenticator.Passkeys[0] with { Id = Guid.NewGuid().ToByteArray() } })).IsProblem(401, "passkey_unknown");
        Assert.Equal(unknown.Json.Text("detail"), disabled.Json.Text("detail"));
        (await app.AdminAsync(HttpMethod.Patch, route, new { disabled = false })).IsOk();
        (await page.LoginAsync()).IsOk();
    }

    [OwnAppFact]
    public async Task It_lives_through_a_change_of_the_password()
    {
        var (login, page) = await RegisteredAsync();
        var body = new { currentPassword = AppSettings.Password, newPassword = "a next horse battery staple" };
        (await app.Client.CallAsync(HttpMethod.Post, "accounts/password", login.AccessToken, body)).IsEmpty();
        Assert.Equal(login.UserId, (await page.LoginAsync()).IsOk().UserId);
    }

    [OwnAppFact]
    public async Task An_export_lists_it_without_its_key()
    {
        var (login, _) = await RegisteredAsync();
        var passkey = Assert.Single((await app.Client.GetAsync("accounts/me/export", login.AccessToken)).IsOk().Json.Items("passkeys"));
        Assert.Equal(["createdAt", "credentialId", "forReview", "id", "isSynced", "lastUsedAt", "name", "provider"], NamesOf(passkey).Order());
    }

    [OwnAppFact]
    public async Task A_counter_that_goes_back_is_refused_and_told_to_the_user()
    {
        var (login, page) = await RegisteredAsync();
        (await page.LoginAsync(new() { Counter = 5 })).IsOk();
        (await page.LoginAsync(new() { Counter = 6 })).IsOk();
        foreach (var counter in new uint[] { 6, 3, 0 })
            (await page.LoginAsync(new() { Counter = counter })).IsProblem(401, "passkey_cloned");
        (await page.LoginAsync(new() { Counter = 7 })).IsOk();

        var logs = (await app.Client.GetAsync("sessions/my-session-logs", login.AccessToken)).IsOk().Json.Items("logs");
        Assert.Equal(3, logs.Count(entry => entry.Text("action") == "passkey_cloned" && !entry.GetProperty("success").GetBoolean()));
        var events = (await app.AdminGetAsync("admin/security/events?kind=passkey_cloned")).IsOk().Json.Items("events");
        Assert.Equal(3, events.Count(each => each.GetProperty("userId").GetString() == login.UserId));
    }

    private async Task<(Answer Login, PasskeyPage Page)> RegisteredAsync(SoftwareAuthenticator? authenticator = null)
    {
        var (login, page) = (await app.NewUserAsync(), new PasskeyPage(app.Client, authenticator));
        (await page.RegisterAsync(login)).Is(201);
        return (login, page);
    }

    private static IEnumerable<string> NamesOf(JsonElement json) => json.EnumerateObject().Select(each => each.Name);
}
