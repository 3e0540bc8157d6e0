using EndToEnd.Tests.Pages;

namespace EndToEnd.Tests.Accounts;

/// <summary>At night, since each starts an app or two of its own; every suite logs in with what the settings seed.</summary>
[Trait("Run", "nightly")]
public sealed class SeedTests
{
    private const string OwnPassword = "a fourth horse battery staple";

    [Fact]
    public async Task An_account_of_the_settings_that_is_no_administrator_becomes_one_and_whoever_had_it_loses_it()
    {
        var storage = await OwnApp.Storage;
        Answer before;
        await using (var first = await AppProcess.StartAsync(port => SettingsFor(storage, port, "role", ("Administrator__Password", ""))))
        {
            using var client = new SessionClient(first.BaseAddress);
            await client.RegisterAsync(AppSettings.AdminEmail, OwnPassword);
            before = (await client.LoginAsync(AppSettings.AdminEmail, OwnPassword)).IsOk();
        }

        await using var second = await AppProcess.StartAsync(port => SettingsFor(storage, port, "role"));
        using var again = new SessionClient(second.BaseAddress);
        await Eventually.TrueAsync("the account is an administrator's", () =>
            second.Output.Contains("[4002]", StringComparison.Ordinal));
        var admin = await again.LoginAsAdministratorAsync();
        (await again.GetAsync("admin/accounts", admin.AccessToken)).IsOk();
        (await again.RefreshAsync(before.RefreshToken)).IsProblem(401, "session_ended", "password_changed");
        (await again.LoginAsync(AppSettings.AdminEmail, OwnPassword)).IsProblem(401, "invalid_credentials");
        Overheard.IsClean(second.Output);
    }

    [Fact]
    public async Task An_account_of_the_settings_that_is_being_erased_is_made_anew_once_it_is_gone()
    {
        var storage = await OwnApp.Storage;
        var (accounts, key) = (new TableClient(storage.ConnectionString, "erasingAccounts"), Tables.AccountKey(AppSettings.AdminEmail));
        await using (var first = await AppProcess.StartAsync(port => SettingsFor(storage, port, "erasing")))
            await Eventually.TrueAsync("the account is there", () => first.Output.Contains("[4001]", StringComparison.Ordinal));
        var erasing = new TableEntity(key, $"a:{key}") { ["State"] = "Erasing", ["Roles"] = "", ["EraseAt"] = DateTimeOffset.UnixEpoch };
        await accounts.UpsertEntityAsync(erasing);

        await using var second = await AppProcess.StartAsync(port => SettingsFor(storage, port, "erasing"));
        await Eventually.TrueAsync("it waits", () => second.Output.Contains("[4003]", StringComparison.Ordinal));
        Assert.DoesNotContain("[4002]", second.Output, StringComparison.Ordinal);
        await accounts.DeleteEntityAsync(key, $"a:{key}");
        using var client = new SessionClient(second.BaseAddress);
        await Eventually.TrueAsync("it is made anew", async () =>
            (await client.LoginAsync(AppSettings.AdminEmail, AppSettings.AdminPassword)).Status == 200);
    }

    [Fact]
    public async Task Outside_of_Development_there_is_neither_the_demo_nor_its_account()
    {
        var storage = await OwnApp.Storage;
        // Nobody answers as the vault: neither the accounts nor these routes need a key.
        await using var production = AppProcess.Launch(port => SettingsFor(
            storage, port, "production", ("AZURE_FUNCTIONS_ENVIRONMENT", "Production"), ("Passwords__WeakHashes", "false"),
            ("Keys__VaultUri", "https://127.0.0.1:1")));
        using var client = new SessionClient(production.BaseAddress);
        await Eventually.TrueAsync("the app answers", client.LivesAsync);
        // The demo account would be the next one.
        await Eventually.TrueAsync("the administrator's account is made", () => ExistsAsync(AppSettings.AdminEmail));

        foreach (var address in new[] { "demo", "demo/", $"demo/{BuiltPage.Demo.FileName}", "demo/session-sw.js" })
            (await client.GetAsync(address)).IsProblem(404, "not_found");
        BuiltPage.Dashboard.IsThePage(await client.GetAsync("dashboard"));
        await Task.Delay(TimeSpan.FromSeconds(1));
        Assert.False(await ExistsAsync(AppSettings.Email));

        async Task<bool> ExistsAsync(string email)
        {
            var accounts = new TableClient(storage.ConnectionString, "productionAccounts");
            var key = Tables.AccountKey(email);
            return await Tables.FindAsync(accounts, key, $"a:{key}") is not null;
        }
    }

    private static IReadOnlyDictionary<string, string> SettingsFor(
        Azurite storage, int port, string prefix, params (string Name, string Value)[] others) => AppSettings.For(
        storage.ConnectionString, port, TimeSpan.FromSeconds(30), [("Storage__TablePrefix", prefix), .. others]);
}
