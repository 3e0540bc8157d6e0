namespace EndToEnd.Tests.Passkeys;

/// <summary>What a user does with passkeys.</summary>
[Collection(nameof(App))]
public sealed class PasskeyTests(App app)
{
    private const string Route = PasskeyPage.Registration;
    private const int Maximum = 20;

    [OwnAppFact]
    public async Task A_passkey_is_registered_listed_renamed_used_and_removed()
    {
        var login = await app.NewUserAsync();
        var page = new PasskeyPage(app.Client, new(AppSettings.PageOrigin) { IsSynced = true });
        Assert.Empty(await ListAsync(login));

        var registered = (await page.RegisterAsync(login, name: "  My\u200b phone ")).Is(201).Json;
        var passkey = Assert.Single(page.Authenticator.Passkeys);
        Assert.Equal((passkey.IdText, "My phone"), (registered.Text("credentialId"), registered.Text("name")));
        Assert.True(registered.GetProperty("isSynced").GetBoolean());
        Assert.NotEmpty(registered.Text("provider"));
        Assert.Equal(JsonValueKind.Null, registered.GetProperty("lastUsedAt").ValueKind);
        Assert.Equal(registered.GetRawText(), Assert.Single(await ListAsync(login)).GetRawText());

        var id = registered.Text("id");
        Assert.Equal("Phone", (await RenameAsync(login, id, "Phone")).IsOk().Json.Text("name"));
        var byPasskey = (await page.LoginAsync()).IsOk();
        Assert.Equal((login.UserId, false), (byPasskey.UserId, byPasskey.SessionId == login.SessionId));
        var used = Assert.Single(await ListAsync(byPasskey));
        Assert.Equal("Phone", used.Text("name"));
        Assert.InRange(used.GetProperty("lastUsedAt").GetDateTimeOffset(), used.GetProperty("createdAt").GetDateTimeOffset(), DateTimeOffset.UtcNow);

        (await RemoveAsync(byPasskey, id)).IsEmpty();
        Assert.Empty(await ListAsync(login));
        (await page.LoginAsync()).IsProblem(401, "passkey_unknown");
        (await RemoveAsync(login, id)).IsProblem(404, "not_found");
        (await RenameAsync(login, id, "Phone")).IsProblem(404, "not_found");
        // The session that it opened lives on.
        (await app.Client.StatusAsync(byPasskey.AccessToken)).IsOk();
        var log = await HistoryAsync(login);
        Assert.Equal(2, log.Intersect(["passkey_added", "passkey_removed"]).Count());
    }

    [OwnAppFact]
    public async Task Without_a_name_it_has_that_of_its_provider_or_Passkey()
    {
        var login = await app.NewUserAsync();
        var known = (await new PasskeyPage(app.Client).RegisterAsync(login)).Is(201).Json;
        Assert.Equal(known.Text("provider"), known.Text("name"));
        var authenticator = new SoftwareAuthenticator(AppSettings.PageOrigin) { Aaguid = Guid.Empty };
        var unknown = (await new PasskeyPage(app.Client, authenticator).RegisterAsync(login, name: "\u200b")).Is(201).Json;
        Assert.Equal((JsonValueKind.Null, "Passkey"), (unknown.GetProperty("provider").ValueKind, unknown.Text("name")));
        Assert.Equal([known.Text("id"), unknown.Text("id")], (await ListAsync(login)).Select(each => each.Text("id")));
    }

    [OwnAppTheory]
    [InlineData(PasskeyAlgorithm.ES256)]
    [InlineData(PasskeyAlgorithm.EdDSA)]
    [InlineData(PasskeyAlgorithm.RS256)]
    public async Task Each_algorithm_of_the_options_works(PasskeyAlgorithm algorithm)
    {
        var page = new PasskeyPage(app.Client, new(AppSettings.PageOrigin) { Algorithm = algorithm, Counts = true });
        var login = await app.NewUserAsync();
        (await page.RegisterAsync(login)).Is(201);
        for (var i = 0; i < 2; i++)
            Assert.Equal(login.UserId, (await page.LoginAsync()).IsOk().UserId);
    }

    [OwnAppFact]
    public async Task An_account_has_at_most_20_and_an_authenticator_is_told_those_that_it_has()
    {
        var (login, page) = (await app.NewUserAsync(), new PasskeyPage(app.Client));
        for (var i = 1; i < Maximum; i++)
            (await page.RegisterAsync(login, new() { IgnoresExcluded = true })).Is(201);
        var (first, second) = ((await page.AskAsync(Route, login)).IsOk(), (await page.AskAsync(Route, login)).IsOk());
        Assert.Equal(
            page.Authenticator.Passkeys.Select(passkey => passkey.IdText).Order(),
            first.Json.GetProperty("options").Items("excludeCredentials").Select(each => each.Text("id")).Order());
        (await page.PostAsync(Route, page.Create(first, new() { IgnoresExcluded = true }), login)).Is(201);

        (await page.PostAsync(Route, page.Create(second, new() { IgnoresExcluded = true }), login)).IsProblem(409, "passkey_limit");
        (await page.AskAsync(Route, login)).IsProblem(409, "passkey_limit");
        Assert.Equal(Maximum, (await ListAsync(login)).Count);
    }

    [OwnAppFact]
    public async Task The_last_passkey_of_an_account_without_a_password_stays()
    {
        var email = await app.NewAccountAsync();
        var login = (await app.Client.LoginAsync(email, AppSettings.Password)).IsOk();
        var first = (await new PasskeyPage(app.Client).RegisterAsync(login)).Is(201).Json.Text("id");
        await app.Tables.RemovePasswordAsync(email);

        (await RemoveAsync(login, first)).IsProblem(409, "last_credential");
        var second = (await new PasskeyPage(app.Client).RegisterAsync(login)).Is(201).Json.Text("id");
        (await RemoveAsync(login, first)).IsEmpty();
        (await RemoveAsync(login, second)).IsProblem(409, "last_credential");
    }

    [OwnAppFact]
    public async Task Of_two_who_remove_the_last_two_one_fails()
    {
        var email = await app.NewAccountAsync();
        var login = (await app.Client.LoginAsync(email, AppSettings.Password)).IsOk();
        var ids = new List<string>();
        for (var i = 0; i < 2; i++)
            ids.Add((await new PasskeyPage(app.Client).RegisterAsync(login)).Is(201).Json.Text("id"));
        await app.Tables.RemovePasswordAsync(email);

        var answers = await Task.WhenAll(ids.Select(id => RemoveAsync(login, id)));

        Assert.Equal([204, 409], answers.Select(answer => answer.Status).Order());
        Assert.Single(await ListAsync(login));
    }

    [OwnAppFact]
    public async Task A_user_has_nothing_to_do_with_the_passkeys_of_another()
    {
        var (mine, other) = (await app.NewUserAsync(), await app.NewUserAsync());
        var id = (await new PasskeyPage(app.Client).RegisterAsync(other)).Is(201).Json.Text("id");
        (await RenameAsync(mine, id, "Mine")).IsProblem(404, "not_found");
        (await RemoveAsync(mine, id)).IsProblem(404, "not_found");
        Assert.Empty(await ListAsync(mine));
        Assert.Equal(id, Assert.Single(await ListAsync(other)).Text("id"));
    }

    [OwnAppFact]
    public async Task What_a_session_needs_a_fresh_proof_for_a_step_up_by_passkey_allows()
    {
        var login = await app.NewUserAsync();
        var page = new PasskeyPage(app.Client);
        (await page.RegisterAsync(login)).Is(201);
        await app.Tables.SetProofAsync(login, TimeSpan.FromMinutes(16));
        var old = (await app.Client.RefreshAsync(login.RefreshToken)).IsOk();
        (await page.AskAsync(Route, old)).IsProblem(401, "insufficient_user_authentication");

        var asked = (await page.AskAsync(PasskeyPage.StepUp, old)).IsOk();
        Assert.True(asked.Json.GetProperty("password").GetBoolean());
        Assert.Equal(page.Authenticator.Passkeys.Select(passkey => passkey.IdText), asked.Json.GetProperty("options").Items("allowCredentials").Select(each => each.Text("id")));
        var proved = (await page.PostAsync(PasskeyPage.StepUp, page.Get(asked), old)).IsOk();

        Assert.Equal(["hwk", "user", "mfa"], proved.Json.Items("methods").Select(method => method.GetString()));
        (await page.AskAsync(Route, proved)).IsOk();
        var refreshed = (await app.Client.RefreshAsync(old.RefreshToken)).IsOk();
        Assert.Equal(proved.Json.GetProperty("methods").ToString(), Jwt.Parse(refreshed.AccessToken).Claims.GetProperty("amr").ToString());
        Assert.Contains("stepped_up", await app.Tables.LogAsync(login));
        (await page.PostAsync(PasskeyPage.StepUp, page.Get(asked), old)).IsProblem(400, "ceremony_used");
    }

    [OwnAppFact]
    public async Task A_step_up_takes_the_passkeys_and_the_state_of_its_own_user_and_session_only()
    {
        var (mine, other) = (await app.NewUserAsync(), await app.NewUserAsync());
        var (page, stranger) = (new PasskeyPage(app.Client), new PasskeyPage(app.Client));
        Assert.False((await page.AskAsync(PasskeyPage.StepUp, mine)).IsOk().Json.TryGetProperty("options", out _));
        (await page.RegisterAsync(mine)).Is(201);
        (await stranger.RegisterAsync(other)).Is(201);
        var asked = (await page.AskAsync(PasskeyPage.StepUp, mine)).IsOk();
        var passkey = stranger.Authenticator.Passkeys[0];

        (await page.PostAsync(PasskeyPage.StepUp, page.Get(asked, new() { Passkey = passkey }), mine)).IsProblem(401, "passkey_invalid");
        (await page.PostAsync(PasskeyPage.StepUp, page.Get(asked, new() { Passkey = passkey, UserHandle = page.Authenticator.Passkeys[0].UserHandle }), mine))
            .IsProblem(401, "passkey_unknown");
        (await stranger.PostAsync(PasskeyPage.StepUp, page.Get(asked), other)).IsProblem(400, "ceremony_invalid");
        (await page.PostAsync(PasskeyPage.Login, page.Get(asked))).IsProblem(400, "ceremony_invalid");
        (await page.PostAsync(PasskeyPage.StepUp, page.Get((await page.AskAsync(PasskeyPage.Login)).IsOk()), mine)).IsProblem(400, "ceremony_invalid");
        // None of it has used the state, or ended a session.
        (await page.PostAsync(PasskeyPage.StepUp, page.Get(asked), mine)).IsOk();
        (await app.Client.StatusAsync(other.AccessToken)).IsOk();
    }

    private async Task<List<JsonElement>> ListAsync(Answer login) =>
        (await app.Client.GetAsync(Route, login.AccessToken)).IsOk().Json.Items("passkeys");

    private Task<Answer> RenameAsync(Answer login, string id, string name) =>
        app.Client.CallAsync(HttpMethod.Patch, $"{Route}/{id}", login.AccessToken, new { name });

    private Task<Answer> RemoveAsync(Answer login, string id) =>
        app.Client.CallAsync(HttpMethod.Delete, $"{Route}/{id}", login.AccessToken);

    private async Task<IEnumerable<string>> HistoryAsync(Answer login) =>
        (await app.Client.GetAsync("sessions/my-session-logs", login.AccessToken)).IsOk().Json.Items("logs").Select(entry => entry.Text("action"));
}
