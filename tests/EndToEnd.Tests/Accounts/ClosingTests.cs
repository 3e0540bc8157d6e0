namespace EndToEnd.Tests.Accounts;

[Collection(nameof(App))]
public sealed class ClosingTests(App app)
{
    private static readonly object Password = new { password = AppSettings.Password };

    [OwnAppFact]
    public async Task A_closed_account_is_logged_out_and_comes_back_by_a_login_that_restores_it()
    {
        var email = await app.NewAccountAsync();
        var login = (await app.Client.LoginAsync(email, AppSettings.Password)).IsOk();
        (await CloseAsync(login, new { password = AppSettings.WrongPassword })).IsProblem(403, "wrong_password");
        (await CloseAsync(login, Password)).IsEmpty();
        (await app.Client.StatusAsync(login.AccessToken)).IsProblem(401, "session_ended", "account_closed");
        (await app.Client.LoginAsync(email, AppSettings.Password)).IsProblem(403, "account_closing");
        (await app.Client.LoginAsync(email, AppSettings.WrongPassword)).IsProblem(401, "invalid_credentials");

        var body = new { email, password = AppSettings.Password, restore = true };
        var restored = (await app.Client.SendAsync(SessionClient.Post("sessions/login", body))).IsOk();
        Assert.Equal(login.UserId, restored.UserId);
        (await app.Client.LoginAsync(email, AppSettings.Password)).IsOk();
    }

    [OwnAppFact]
    public async Task Nobody_closes_an_administrator()
    {
        var administrator = await app.Client.LoginAsAdministratorAsync();
        (await CloseAsync(administrator, new { password = AppSettings.AdminPassword })).IsProblem(403, "forbidden");
        (await app.AdminAsync(HttpMethod.Post, $"admin/accounts/{administrator.UserId}/deletion")).IsProblem(403, "forbidden");
        (await app.Client.StatusAsync(administrator.AccessToken)).IsOk();
    }

    [OwnAppFact]
    public async Task An_administrator_verifies_and_closes_an_account_and_is_in_its_history()
    {
        var email = await app.NewAccountAsync();
        var login = (await app.Client.LoginAsync(email, AppSettings.Password)).IsOk();
        var route = $"admin/accounts/{login.UserId}";
        var before = (await app.AdminGetAsync(route)).IsOk().Json;
        Assert.False(before.GetProperty("emailVerified").GetBoolean());
        Assert.False(before.TryGetProperty("closesAt", out _));

        (await app.AdminAsync(HttpMethod.Post, $"{route}/email-verification")).IsEmpty();
        (await app.AdminAsync(HttpMethod.Post, $"{route}/deletion")).IsEmpty();
        var after = (await app.AdminGetAsync(route)).IsOk().Json;
        Assert.True(after.GetProperty("emailVerified").GetBoolean());
        Assert.InRange(after.GetProperty("closesAt").GetDateTimeOffset() - DateTimeOffset.UtcNow, TimeSpan.FromDays(29), TimeSpan.FromDays(30));
        // Enabling it restores it.
        (await app.AdminAsync(HttpMethod.Patch, route, new { disabled = false })).IsOk();
        var again = (await app.Client.LoginAsync(email, AppSettings.Password)).IsOk();
        var logs = (await app.Client.GetAsync("sessions/my-session-logs", again.AccessToken)).IsOk().Json.Items("logs");
        foreach (var action in new[] { "email_verified", "account_closing" })
            Assert.NotNull(Assert.Single(logs, entry => entry.Text("action") == action).Text("administrator"));

        foreach (var action in new[] { "email-verification", "deletion" })
            (await app.AdminAsync(HttpMethod.Post, $"admin/accounts/nobody/{action}")).IsProblem(404, "not_found");
    }

    [OwnAppFact]
    public async Task An_account_that_is_due_is_erased_by_the_timer_and_its_partition_with_it()
    {
        var email = await app.NewAccountAsync();
        var login = (await app.Client.LoginAsync(email, AppSettings.Password)).IsOk();
        (await CloseAsync(login, Password)).IsEmpty();
        var key = Tables.AccountKey(email);
        var past = DateTimeOffset.UtcNow.AddMinutes(-1);
        // As if the grace were over, and then the quarter of an hour behind the first pass.
        await SetAsync(new TableEntity(key, $"a:{key}") { ["EraseAt"] = past });
        await RunAsync();
        Assert.Empty(await app.Tables.Sessions.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {login.UserId}")).ToListAsync());
        Assert.Equal("Erasing", (await Tables.FindAsync(app.Tables.Accounts, key, $"a:{key}"))?.GetString("State"));
        (await app.AdminGetAsync($"admin/accounts/{login.UserId}")).IsProblem(404, "not_found");
        await foreach (var mail in app.Tables.Accounts.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {key} and RowKey ge {"o:"} and RowKey lt {"o;"}")))
            await app.Tables.Accounts.DeleteEntityAsync(mail.PartitionKey, mail.RowKey);
        await SetAsync(new TableEntity(key, $"a:{key}") { ["ReservedUntil"] = past });
        // The email may not have been added to the index since then.
        var hex = Convert.ToHexStringLower(Encoding.UTF8.GetBytes(email));
        var (index, indexed) = ($"i:{hex[..2]}", $"i:{hex}.{key}");
        await SetAsync(new TableEntity(index, indexed) { ["AddedAt"] = past.AddHours(-1) });
        await RunAsync();
        Assert.Empty(await app.Tables.Accounts.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {key}")).ToListAsync());
        Assert.Null(await Tables.FindAsync(app.Tables.Accounts, index, indexed));
        (await app.Client.RegisterAsync(email)).Is(201);

        Task SetAsync(TableEntity row) => app.Tables.Accounts.UpdateEntityAsync(row, ETag.All, TableUpdateMode.Merge);

        async Task RunAsync()
        {
            await app.Tables.Timeline.UpsertEntityAsync(new TableEntity(
                $"u:{past.UtcDateTime.ToString("yyyyMMddHH", CultureInfo.InvariantCulture)}", $"{past.UtcTicks:D19}:{key}"));
            await app.RunToTheEndAsync("RaiseSecurityAlerts");
        }
    }

    [OwnAppFact]
    public async Task An_export_follows_the_account_of_a_session_that_the_instance_has_from_before_its_email_changed()
    {
        var (email, next) = (await app.NewAccountAsync(), App.NewEmail());
        var login = (await app.Client.LoginAsync(email, AppSettings.Password)).IsOk();
        (await app.Client.StatusAsync(login.AccessToken)).IsOk();
        // As another instance leaves it.
        var (from, to) = (Tables.AccountKey(email), Tables.AccountKey(next));
        TableEntity account = await app.Tables.Accounts.GetEntityAsync<TableEntity>(from, $"a:{from}");
        (account.PartitionKey, account.RowKey, account["Email"]) = (to, $"a:{to}", next);
        await app.Tables.Accounts.AddEntityAsync(account);
        await app.Tables.Accounts.UpsertEntityAsync(new TableEntity(from, $"a:{from}") { ["State"] = "Moved", ["MovedTo"] = to });
        var export = (await app.Client.GetAsync("accounts/me/export", login.AccessToken)).IsOk().Json;
        Assert.Equal((next, 1), (export.GetProperty("account").Text("email"), export.Items("sessions").Count));
    }

    [OwnAppFact]
    public async Task An_export_has_what_the_tables_hold_of_its_user_and_no_secret()
    {
        var email = await app.NewAccountAsync();
        (await app.Client.LoginAsync(email, AppSettings.WrongPassword)).IsProblem(401, "invalid_credentials");
        var first = (await app.Client.LoginAsync(email, AppSettings.Password)).IsOk();
        (await app.Client.LogoutAsync(first.AccessToken)).IsEmpty();
        var login = (await app.Client.LoginAsync(email, AppSettings.Password, device: "a phone")).IsOk();
        var other = await app.NewUserAsync();
        foreach (var body in new[] { "hello", "hello?" })
            (await app.Client.CallAsync(HttpMethod.Post, "messages", login.AccessToken, new { to = other.UserId, body, idempotencyKey = $"key of {body}" })).Is(201);
        await app.RunToTheEndAsync("RaiseSecurityAlerts");

        var answer = (await app.Client.GetAsync("accounts/me/export", login.AccessToken)).IsOk();

        var export = answer.Json;
        Assert.True(export.GetProperty("complete").GetBoolean());
        var rows = await app.Tables.Sessions.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {login.UserId}")).ToListAsync();
        Assert.Equal(email, export.GetProperty("account").Text("email"));
        Assert.Equal(IdsOf("s:"), export.Items("sessions").Select(session => session.Text("id")).Order());
        // Of the one that has ended nobody knows any more.
        Assert.Single(export.Items("sessions"), session => session.GetProperty("lastActiveAt").ValueKind == JsonValueKind.String);
        Assert.Equal(IdsOf("l:"), export.Items("log").Select(entry => entry.Text("id")).Order());
        Assert.Equal(Count("n:"), export.Items("notices").Count);
        Assert.Equal(1, Count("n:"));
        var conversation = Assert.Single(export.Items("conversations"));
        Assert.Equal(other.UserId, conversation.Text("with"));
        Assert.Equal(["hello", "hello?"], conversation.Items("messages").Select(message => message.Text("body")));
        var events = await app.Tables.Security.QueryAsync<TableEntity>(
            TableClient.CreateQueryFilter($"PartitionKey eq {"event"} and RowKey ge {"e:"} and RowKey lt {"e;"} and UserId eq {login.UserId}")).ToListAsync();
        Assert.NotEmpty(events);
        Assert.Equal(events.Select(row => $"{row.GetGuid("EventId"):N}").Order(), export.Items("securityEvents").Select(each => each.Text("id")).Order());

        // No hash, code or token of any row.
        var account = (await Tables.FindAsync(app.Tables.Accounts, Tables.AccountKey(email), $"a:{Tables.AccountKey(email)}"))!;
        var secrets = rows.Append(account).SelectMany(row => row)
            .Where(column => column.Key is "PasswordHash" or "AuditCode" or "AuditKey" or "Attempt" or "Epoch").Select(column => $"{column.Value}");
        Assert.All(secrets.Where(secret => secret.Length > 0), secret => Assert.DoesNotContain(secret, answer.Text, StringComparison.Ordinal));

        for (var i = 0; i < 4; i++)
            (await app.Client.GetAsync("accounts/me/export", login.AccessToken)).IsOk();
        (await app.Client.GetAsync("accounts/me/export", login.AccessToken)).IsProblem(429, "rate_limited");

        int Count(string prefix) => rows.Count(row => row.RowKey.StartsWith(prefix, StringComparison.Ordinal));

        IEnumerable<string> IdsOf(string prefix) =>
            rows.Where(row => row.RowKey.StartsWith(prefix, StringComparison.Ordinal)).Select(row => row.RowKey.Split(':')[^1]).Order();
    }

    private Task<Answer> CloseAsync(Answer login, object body) =>
        app.Client.CallAsync(HttpMethod.Post, "accounts/me/deletion", login.AccessToken, body);
}
