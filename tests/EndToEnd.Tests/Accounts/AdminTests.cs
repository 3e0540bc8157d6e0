using EndToEnd.Tests.Passkeys;

namespace EndToEnd.Tests.Accounts;

[Collection(nameof(App))]
public sealed class AdminTests(App app)
{
    [OwnAppFact]
    public async Task An_administrator_makes_finds_changes_and_disables_an_account()
    {
        var email = App.NewEmail();
        var account = new { email, password = AppSettings.Password, roles = new[] { "reader" } };
        var id = (await app.AdminAsync(HttpMethod.Post, "admin/accounts", account)).Is(201).Json.Text("id");
        var login = (await app.Client.LoginAsync(email, AppSettings.Password)).IsOk();
        Assert.Equal("reader", Assert.Single(login.Json.GetProperty("account").Items("roles")).GetString());

        var found = (await app.AdminGetAsync($"admin/accounts?email={Uri.EscapeDataString(email)}")).IsOk();
        Assert.Equal(id, Assert.Single(found.Json.Items("accounts")).Text("id"));
        Assert.False((await app.AdminGetAsync($"admin/accounts/{id}")).IsOk().Json.GetProperty("disabled").GetBoolean());

        var promoted = await ChangeAsync(new { roles = new[] { "writer", "admin" } });
        Assert.Equal(["writer", "admin"], promoted.Items("roles").Select(role => role.GetString()));
        (await app.Client.GetAsync("admin/suspicious-ips", login.AccessToken)).IsOk();

        Assert.True((await ChangeAsync(new { disabled = true })).GetProperty("disabled").GetBoolean());
        (await app.Client.StatusAsync(login.AccessToken)).IsProblem(401, "session_ended", "admin");
        (await app.Client.LoginAsync(email, AppSettings.Password)).IsProblem(401, "invalid_credentials");
        await ChangeAsync(new { disabled = false });
        (await app.Client.LoginAsync(email, AppSettings.Password)).IsOk();

        async Task<JsonElement> ChangeAsync(object change) =>
            (await app.AdminAsync(HttpMethod.Patch, $"admin/accounts/{id}", change)).IsOk().Json;
    }

    [OwnAppFact]
    public async Task The_security_log_has_what_an_administrator_changed_and_not_what_was_so_before()
    {
        var user = (await app.NewUserAsync()).UserId;
        var changes = new (int EventId, HttpMethod Method, string Route, object? Body)[]
        {
            (2022, HttpMethod.Patch, "", new { roles = new[] { "writer" } }),
            (2054, HttpMethod.Post, "/email-verification", null),
            (2023, HttpMethod.Patch, "", new { disabled = true }),
            (2024, HttpMethod.Patch, "", new { disabled = false }),
            (2052, HttpMethod.Post, "/deletion", null),
        };
        foreach (var (_, method, route, body) in changes.SelectMany(change => Enumerable.Repeat(change, 2)))
            Assert.InRange((await app.AdminAsync(method, $"admin/accounts/{user}{route}", body)).Status, 200, 204);
        Assert.All(changes, change => Assert.Single(
            Printed.Lines(change.EventId, app.Output), line => line.Contains(user, StringComparison.Ordinal)));
    }

    [OwnAppFact]
    public async Task A_new_role_stands_in_the_access_token_from_the_next_refresh_on()
    {
        var login = await app.NewUserAsync();
        Assert.Empty(RolesOf(login));

        await GiveAsync("writer");
        var given = (await app.Client.RefreshAsync(login.RefreshToken)).IsOk();
        Assert.Equal(["writer"], RolesOf(given));

        await GiveAsync();
        Assert.Empty(RolesOf((await app.Client.RefreshAsync(given.RefreshToken)).IsOk()));

        async Task GiveAsync(params string[] roles) =>
            (await app.AdminAsync(HttpMethod.Patch, $"admin/accounts/{login.UserId}", new { roles })).IsOk();

        static IEnumerable<string?> RolesOf(Answer answer) =>
            Jwt.Parse(answer.AccessToken).Claims.Items("roles").Select(role => role.GetString());
    }

    [OwnAppFact]
    public async Task An_administrator_finds_accounts_by_the_beginning_of_their_emails_and_by_their_ids()
    {
        var start = $"Find-{Guid.NewGuid():N}";
        var ids = new List<string>();
        foreach (var rest in new[] { "a", "b", "c" })
        {
            var account = new { email = $"{start}{rest}@example.com", password = AppSettings.Password };
            ids.Add((await app.AdminAsync(HttpMethod.Post, "admin/accounts", account)).Is(201).Json.Text("id"));
        }

        var page = (await app.AdminGetAsync($"admin/accounts?prefix={start}&limit=2")).IsOk().Json;
        Assert.Equal(ids[..2], IdsOf(page));
        Assert.Equal(ids[2..], IdsOf((await app.AdminGetAsync($"admin/accounts?prefix={start}&limit=2&after={page.Text("next")}")).IsOk().Json));
        Assert.Equal(ids[2..], IdsOf((await app.AdminGetAsync($"admin/accounts?prefix={start}C@exam")).IsOk().Json));
        Assert.Equal([ids[2], ids[0]], IdsOf((await app.AdminGetAsync(
            $"admin/accounts?ids={ids[2]},0001ARZ3NDEKTSV4RRFFQ69G5FAV,{ids[0]}")).IsOk().Json));
        (await app.AdminGetAsync($"admin/accounts?prefix={start}&ids={ids[0]}")).Refuses("ids");
        (await app.AdminGetAsync($"admin/accounts?prefix={start}&email={start}a@example.com")).Refuses("prefix");
        (await app.AdminGetAsync($"admin/accounts?prefix={start}&after={new string('0', 32)}")).Refuses("after");
        (await app.AdminGetAsync($"admin/accounts?ids={string.Join(',', Enumerable.Repeat(ids[0], 51))}")).Refuses("ids");

        static IEnumerable<string> IdsOf(JsonElement page) => page.Items("accounts").Select(account => account.Text("id"));
    }

    [OwnAppFact]
    public async Task An_administrator_secures_an_account_and_looks_after_its_passkeys()
    {
        var (page, email) = (new PasskeyPage(app.Client), await app.NewAccountAsync());
        var login = (await app.Client.LoginAsync(email, AppSettings.Password)).IsOk();
        var (kept, removed) = ((await page.RegisterAsync(login)).Is(201).Json.Text("id"), (await page.RegisterAsync(login, new() { IgnoresExcluded = true })).Is(201).Json.Text("id"));
        var route = $"admin/accounts/{login.UserId}";
        (await app.AdminAsync(HttpMethod.Post, $"{route}/secure", new { disable = false })).IsProblem(409, "reset_impossible");
        var secured = (await app.AdminAsync(HttpMethod.Post, $"{route}/secure", new { disable = true })).IsOk().Json;
        Assert.Equal(1, secured.Number("sessionsEnded"));
        Assert.True(secured.GetProperty("account").GetProperty("disabled").GetBoolean());
        (await app.Client.StatusAsync(login.AccessToken)).IsProblem(401, "session_ended", "admin");
        (await page.LoginAsync()).IsProblem(403, "passkey_for_review");
        Assert.All((await app.AdminGetAsync($"{route}/passkeys")).IsOk().Json.Items("passkeys"), passkey =>
            Assert.True(passkey.GetProperty("forReview").GetBoolean()));
        (await app.AdminAsync(HttpMethod.Delete, $"{route}/passkeys/{removed}")).IsEmpty();
        (await app.AdminAsync(HttpMethod.Delete, $"{route}/passkeys/{removed}")).IsProblem(404, "not_found");

        // Without a mail server nothing replaces the password.
        (await app.AdminAsync(HttpMethod.Patch, route, new { disabled = false })).IsOk();
        login = (await app.Client.LoginAsync(email, AppSettings.Password)).IsOk();
        (await ChangeAsync(new { reviewed = false })).Refuses("reviewed");
        var review = (await ChangeAsync(new { reviewed = true, name = "Mine" })).IsOk().Json;
        Assert.Equal((kept, "Mine", false), (review.Text("id"), review.Text("name"), review.GetProperty("forReview").GetBoolean()));
        var administrator = await app.Client.LoginAsAdministratorAsync();
        foreach (var disable in (bool[])[true, false])
        {
            (await app.Client.CallAsync(
                HttpMethod.Post, $"admin/accounts/{administrator.UserId}/secure", administrator.AccessToken, new { disable })).Refuses("disable");
        }

        Task<Answer> ChangeAsync(object change) => app.Client.CallAsync(HttpMethod.Patch, $"accounts/passkeys/{kept}", login.AccessToken, change);
    }

    [OwnAppFact]
    public async Task An_administrator_reads_the_history_of_a_user_by_time_action_and_address()
    {
        var email = await app.NewAccountAsync();
        var login = (await app.Client.LoginAsync(email, AppSettings.Password)).IsOk();
        (await app.Client.LogoutAsync(login.AccessToken)).IsEmpty();
        (await app.Client.LoginAsync(email, AppSettings.WrongPassword)).IsProblem(401, "invalid_credentials");
        var route = $"admin/accounts/{login.UserId}/logs";
        var whole = (await app.AdminGetAsync(route)).IsOk().Json.Items("logs").ToList();
        Assert.Equal(["login", "logout", "login", "account_created"], whole.Select(entry => entry.Text("action")));

        Assert.Equal(["logout"], await FindAsync("action=logout"));
        Assert.Equal(["login", "logout"], await FindAsync($"from={whole[1].Text("createdAt")}"));
        Assert.Equal(["login", "account_created"], await FindAsync($"to={whole[2].Text("createdAt")[..^1]}9Z"));
        Assert.Empty(await FindAsync("address=198.51.100.1"));
        Assert.Equal(4, (await FindAsync($"address={whole[0].Text("ipAddress")}")).Count);
        var page = (await app.AdminGetAsync($"{route}?action=login&limit=1")).IsOk().Json;
        Assert.Equal(["login"], await FindAsync($"action=login&limit=1&after={page.Text("next")}"));
        (await app.AdminGetAsync($"{route}?from=2026-03-15T00:00:00Z&to=2026-03-14T00:00:00Z")).Refuses("from");
        (await app.AdminGetAsync("admin/accounts/x/logs")).IsProblem(404, "not_found");

        async Task<List<string>> FindAsync(string query) =>
            [.. (await app.AdminGetAsync($"{route}?{query}")).IsOk().Json.Items("logs").Select(entry => entry.Text("action"))];
    }

    [OwnAppFact]
    public async Task An_administrator_sees_and_ends_the_sessions_of_a_user()
    {
        var email = await app.NewAccountAsync();
        var first = (await app.Client.LoginAsync(email, AppSettings.Password)).IsOk();
        var second = (await app.Client.LoginAsync(email, AppSettings.Password)).IsOk();
        var route = $"admin/accounts/{first.UserId}/sessions";

        Assert.Equal(2, (await app.AdminGetAsync(route)).IsOk().Json.Items("sessions").Count);
        (await app.AdminAsync(HttpMethod.Delete, $"{route}/{first.SessionId}")).IsEmpty();
        (await app.Client.StatusAsync(first.AccessToken)).IsProblem(401, "session_ended", "admin");
        (await app.Client.StatusAsync(second.AccessToken)).IsOk();
        (await app.AdminAsync(HttpMethod.Delete, route)).IsEmpty();
        (await app.Client.StatusAsync(second.AccessToken)).IsProblem(401, "session_ended", "admin");
        (await app.AdminAsync(HttpMethod.Delete, $"{route}/{Guid.NewGuid():N}")).IsProblem(404, "not_found");
        (await app.AdminGetAsync("admin/accounts/nobody/sessions")).IsProblem(404, "not_found");
    }

    [OwnAppFact]
    public async Task An_administrator_sees_a_flag_and_acknowledges_it()
    {
        var address = App.NewAddress();
        for (var i = 0; i < 11; i++)
            await app.Client.LoginAsync(App.NewEmail(), AppSettings.Password, from: address);
        await app.RunToTheEndAsync("FlagSuspiciousIps");

        (await app.AdminAsync(HttpMethod.Post, $"admin/suspicious-ips/{address}/acknowledge")).IsEmpty();

        var flag = await FindAsync();
        Assert.Equal(11, flag.Number("count"));
        Assert.NotNull(flag.Text("acknowledgedBy"));
        (await app.AdminAsync(HttpMethod.Delete, $"admin/suspicious-ips/{address}/acknowledge")).IsEmpty();
        Assert.Equal(JsonValueKind.Null, (await FindAsync()).GetProperty("acknowledgedBy").ValueKind);
        foreach (var method in (HttpMethod[])[HttpMethod.Post, HttpMethod.Delete])
        {
            (await app.AdminAsync(method, "admin/suspicious-ips/192.0.2.250/acknowledge")).IsProblem(404, "not_found");
            (await app.AdminAsync(method, "admin/suspicious-ips/x'y/acknowledge")).IsProblem(404, "not_found");
        }

        async Task<JsonElement> FindAsync() => Assert.Single(
            (await app.AdminGetAsync("admin/suspicious-ips")).IsOk().Json.Items("suspiciousIps"), each => each.Text("address") == address);
    }

    [OwnAppFact]
    public async Task The_worst_flags_come_first_and_acknowledged_ones_last()
    {
        // Worse than what any other test flags.
        string[] addresses = [.. Enumerable.Range(0, 4).Select(_ => App.NewAddress())];
        foreach (var (address, failures, count) in addresses.Zip([9_000, 9_001, 9_001, 9_002], [9_100, 9_100, 9_200, 9_002]))
        {
            await app.Tables.FlagAsync(address, DateTimeOffset.UtcNow.AddHours(1));
            await app.Tables.Security.UpdateEntityAsync(
                new TableEntity("ip", address) { ["Failures"] = failures, ["Count"] = count }, ETag.All, TableUpdateMode.Merge);
        }

        (await app.AdminAsync(HttpMethod.Post, $"admin/suspicious-ips/{addresses[3]}/acknowledge")).IsEmpty();

        var flags = (await app.AdminGetAsync("admin/suspicious-ips")).IsOk().Json.Items("suspiciousIps").Select(each => each.Text("address"));
        Assert.Equal([addresses[2], addresses[1], addresses[0], addresses[3]], flags.Where(addresses.Contains));
    }

    [OwnAppTheory]
    [InlineData("""{}""")]
    [InlineData("""{"roles":["Admin"]}""")]
    [InlineData("""{"roles":["a","a"]}""")]
    [InlineData("""{"roles":[null]}""")]
    [InlineData("""{"disabled":"yes"}""")]
    public async Task A_change_that_cannot_be_is_refused(string json) =>
        (await app.AdminAsync(HttpMethod.Patch, "admin/accounts/x", json)).IsProblem(400, "invalid_request");

    [OwnAppFact]
    public async Task An_administrator_cannot_lock_out_themselves()
    {
        var route = $"admin/accounts/{(await app.Client.LoginAsAdministratorAsync()).UserId}";
        (await app.AdminAsync(HttpMethod.Patch, route, new { disabled = true })).IsProblem(400, "invalid_request");
        (await app.AdminAsync(HttpMethod.Patch, route, new { roles = new[] { "reader" } })).IsProblem(400, "invalid_request");
    }
}
