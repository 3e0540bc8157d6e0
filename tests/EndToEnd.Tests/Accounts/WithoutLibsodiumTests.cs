namespace EndToEnd.Tests.Accounts;

public sealed class WithoutLibsodiumTests
{
    [Fact]
    [Trait("Run", "nightly")]
    public async Task A_start_without_libsodium_warns_and_passwords_are_hashed_with_PBKDF2()
    {
        await using var azurite = await Azurite.StartAsync();
        await using var app = await AppProcess.StartAsync(
            port => AppSettings.For(azurite.ConnectionString, port, TimeSpan.FromSeconds(30)),
            folder => Array.ForEach(Directory.GetFiles(folder.FullName, "libsodium.*", SearchOption.AllDirectories), File.Delete));

        await app.UntilPrintedAsync("libsodium can't be loaded");
        using var client = new SessionClient(app.BaseAddress);
        Assert.Equal("pbkdf2", (await client.GetAsync("health/ready")).IsOk().Json.Text("passwordHashes"));
        var key = Tables.AccountKey(AppSettings.Email);
        var row = await new Tables(azurite.ConnectionString).Accounts.GetEntityAsync<TableEntity>(key, $"a:{key}");
        // Format 3 of ASP.NET Core Identity with HMAC-SHA512.
        Assert.StartsWith("AQAAAAI", row.Value.GetString("PasswordHash"), StringComparison.Ordinal);
    }
}
