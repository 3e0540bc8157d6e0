namespace EndToEnd.Tests.Accounts;

public sealed class SeedTests(SeedTests.Storage storage) : IClassFixture<SeedTests.Storage>
{
    private const string OwnPassword = "a fourth horse battery staple";

    [Fact]
    public async Task Settings_that_no_account_can_be_made_of_stop_the_start()
    {
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync("wrong", new()
        {
            ["Administrator__Email"] = "not-an-email", ["Administrator__Password"] = "short",
            ["Demo__Email"] = "not-an-email", ["Demo__Password"] = "short",
        }));

        Assert.All(
            ["Administrator", "Demo"],
            section =>
            {
                Assert.Contains($"{section}__Email must be an email address, but is something else.", failure.Message, StringComparison.Ordinal);
                Assert.Contains($"{section}__Password is refused: A password needs at least 12 characters.", failure.Message, StringComparison.Ordinal);
            });
    }

    [Fact]
    public async Task An_account_of_the_settings_that_is_no_administrator_becomes_one_and_whoever_had_it_loses_it()
    {
        Issued.Add(OwnPassword);
        Answer before;
        await using (var first = await StartAsync("role", new() { ["Administrator__Password"] = "" }))
        {
            using var client = new SessionClient(first.BaseAddress);
            await client.SendAsync(SessionClient.Post("accounts", $$"""{"email":"{{AppSettings.AdminEmail}}","password":"{{OwnPassword}}"}"""));
            before = (await client.LoginAsync(AppSettings.AdminEmail, OwnPassword)).IsOk();
        }

        await using var second = await StartAsync("role", []);
        using var again = new SessionClient(second.BaseAddress);
        await Eventually.TrueAsync("the account is an administrator's", () =>
            Task.FromResult(second.Output.Contains("[4002]", StringComparison.Ordinal)));
        var admin = (await again.LoginAsync(AppSettings.AdminEmail, AppSettings.AdminPassword)).IsOk();
        (await again.CallAsync(HttpMethod.Get, "admin/accounts", admin.AccessToken)).IsOk();
        (await again.RefreshAsync(before.RefreshToken)).IsProblem(401, "session_ended", "password_changed");
        (await again.LoginAsync(AppSettings.AdminEmail, OwnPassword)).IsProblem(401, "invalid_credentials");
        Overheard.IsClean(second.Output);
    }

    [Fact]
    public async Task The_demo_account_is_made_in_Development_only()
    {
        // Nobody answers as the vault, which a login needs; an account would be made without it.
        await using (var deployed = AppProcess.Launch(port => With(port, "deployed", new()
        {
            ["AZURE_FUNCTIONS_ENVIRONMENT"] = "Production", ["Passwords__Iterations"] = "220000",
            ["Keys__VaultUri"] = "https://127.0.0.1:1", ["Administrator__Email"] = "",
        })))
        {
            using var client = new SessionClient(deployed.BaseAddress);
            await Eventually.TrueAsync("the app answers", client.LivesAsync);
            await Task.Delay(TimeSpan.FromSeconds(3));
            Assert.DoesNotContain("section Demo", deployed.Output, StringComparison.Ordinal);
        }

        await using var developers = await StartAsync("deployed", new() { ["Demo__Email"] = "another-demo@example.com" });
        using var again = new SessionClient(developers.BaseAddress);
        (await again.LoginAsync(AppSettings.Email, AppSettings.Password)).IsProblem(401, "invalid_credentials");
    }

    private Task<AppProcess> StartAsync(string tables, Dictionary<string, string> settings) =>
        AppProcess.StartAsync(port => With(port, tables, settings));

    private Dictionary<string, string> With(int port, string tables, Dictionary<string, string> settings) =>
        new(AppSettings.For(storage.Azurite.ConnectionString, port, TimeSpan.FromSeconds(30)).Append(new("Storage__TablePrefix", tables)).Concat(settings)
            .GroupBy(setting => setting.Key).Select(same => same.Last()));

    public sealed class Storage : IAsyncLifetime
    {
        internal Azurite Azurite { get; private set; } = null!;

        public async Task InitializeAsync() => Azurite = await Azurite.StartAsync();

        public async Task DisposeAsync() => await Azurite.DisposeAsync();
    }
}
