namespace EndToEnd.Tests.Accounts;

[Collection(nameof(App))]
public sealed class ImportTests(App app)
{
    // Of "U*U" (https://www.openwall.com/crypt/).
    public const string Bcrypt = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";

    [OwnAppFact]
    public async Task Imported_accounts_log_in_with_their_old_passwords_and_repeating_the_import_changes_nothing()
    {
        var admin = await app.Client.LoginAsAdministratorAsync();
        var (first, second) = (App.NewEmail(), App.NewEmail());
        object[] accounts =
        [
            new { email = first, passwordHash = Bcrypt, roles = new[] { "reader" }, createdAt = "2020-02-29T12:00:00Z", emailVerified = true },
            "",
            new { email = second, passwordHash = Bcrypt, disabled = true },
        ];
        var report = (await app.Client.ImportAsync(admin.AccessToken, accounts)).IsOk().Lines.ToList();
        Assert.Equal([(1, "created"), (3, "created")], report.Select(line => (line.Number("line"), line.Text("result"))));

        var login = (await app.Client.LoginAsync(first, "U*U")).IsOk();
        Assert.Equal(report[0].Text("id"), login.UserId);
        (await app.Client.LoginAsync(second, "U*U")).IsProblem(401, "invalid_credentials");
        var stored = (await app.AdminGetAsync($"admin/accounts/{login.UserId}")).IsOk().Json;
        Assert.Equal(("2020-02-29T12:00:00.000Z", "reader"), (stored.Text("createdAt"), Assert.Single(stored.Items("roles")).GetString()));
        var created = (await app.Client.GetAsync("sessions/my-session-logs", login.AccessToken)).IsOk().Json.Items("logs")
            .Single(entry => entry.Text("action") == "account_created");
        Assert.Equal(admin.UserId, created.Text("administrator"));

        var row = await app.Tables.Accounts.GetEntityAsync<TableEntity>(Tables.AccountKey(first), $"a:{Tables.AccountKey(first)}");
        Assert.StartsWith("$argon2id$", row.Value.GetString("PasswordHash"), StringComparison.Ordinal);
        var again = (await app.Client.ImportAsync(admin.AccessToken, accounts)).IsOk().Lines;
        Assert.Equal(["exists", "exists"], again.Select(line => line.Text("result")));
        var after = await app.Tables.Accounts.GetEntityAsync<TableEntity>(row.Value.PartitionKey, row.Value.RowKey);
        Assert.Equal(row.Value.ETag, after.Value.ETag);
    }

    [OwnAppFact]
    public async Task A_line_that_cannot_be_is_refused_by_itself_and_the_others_go_on()
    {
        var (email, admin) = (App.NewEmail(), await app.Client.LoginAsAdministratorAsync());
        var report = (await app.Client.ImportAsync(
            admin.AccessToken,
            "{",
            """["an array"]""",
            new { email = "nobody", passwordHash = Bcrypt },
            new { email },
            new { email, passwordHash = "5f4dcc3b5aa765d61d8327deb882cf99" },
            new { email, passwordHash = "$argon2id$v=19$m=10485760,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$c29tZWhhc2hzb21laGFzaA" },
            new { email, passwordHash = Bcrypt, roles = new[] { "A" } },
            new { email, passwordHash = Bcrypt, disabled = "yes" },
            new { email, passwordHash = Bcrypt, createdAt = "2999-01-01T00:00:00Z" },
            new { email, passwordHash = Bcrypt, createdAt = "yesterday" },
            new { email, passwordHash = Bcrypt, createdAt = "2020-02-29T12:00:00" },
            """{"email":"a@example.com","email":"b@example.com"}""",
            new { email, passwordHash = Bcrypt },
            new { email = email.ToUpperInvariant(), passwordHash = Bcrypt })).IsOk().Lines.ToList();

        Assert.All(report[..12], line => Assert.Equal("refused", line.Text("result")));
        Assert.Equal(
            ["The body", "The body", "email: ", "passwordHash: ", "passwordHash: ", "passwordHash: ", "roles: ", "disabled: ", "createdAt: ", "createdAt: ", "createdAt: ", "email: "],
            report[..12].Select(line => FieldIn(line.Text("error"))));
        // Two spellings of one email.
        Assert.Equal(["created", "exists"], report[12..].Select(line => line.Text("result")).Order());
        (await app.Client.LoginAsync(email, "U*U")).IsOk();

        static string FieldIn(string error) => error.Split(' ')[0] is "The" ? "The body" : $"{error.Split(' ')[0]} ";
    }

    [OwnAppFact]
    public async Task Too_many_lines_or_bytes_are_refused_whole()
    {
        var admin = await app.Client.LoginAsAdministratorAsync();
        (await app.Client.ImportAsync(admin.AccessToken, Enumerable.Repeat("{}", 1001))).IsProblem(413, "payload_too_large");
        (await app.Client.ImportAsync(admin.AccessToken, new string(' ', 1024 * 1024))).IsProblem(413, "payload_too_large");
        (await app.Client.ImportAsync(admin.AccessToken)).IsProblem(400, "invalid_request");
        Assert.Equal(1000, (await app.Client.ImportAsync(admin.AccessToken, Enumerable.Repeat("{}", 1000))).IsOk().Lines.Count());
        (await app.AdminAsync(HttpMethod.Post, "admin/accounts/import", "{}")).IsProblem(415, "unsupported_media_type");
    }
}
