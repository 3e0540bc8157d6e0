namespace Serverless.Tables.Tests;

internal static class EveryRow
{
    private static readonly ClientInfo Browser = new(
        "203.0.113.7",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
        "My laptop");

    /// <summary>Writes a history whose beginning was purged, logins that succeed, fail and lock, a refresh, an end, and mail.</summary>
    public static async Task WriteAsync(TableFixture fixture, string prefix, int shards = 16)
    {
        var clock = new FakeClock();
        using var service = new Service(fixture.CreateStores(prefix: prefix, shards: shards), clock);
        var account = await service.CreateAccountAsync();
        var other = await service.CreateAccountAsync();
        var old = (await service.LoginAsync(account.Email, remember: true, client: Browser)).Tokens;
        for (var month = 0; month < 3; month++)
        {
            clock.Advance(TimeSpan.FromDays(29));
            old = await service.RefreshAsync(old.RefreshText);
        }

        clock.Advance(TimeSpan.FromDays(4));
        await service.PurgeOldLogs.ExecuteAsync(default);

        var session = await service.LoginAsync(account.Email, remember: true, client: Browser);
        await service.RefreshAsync(session.Tokens.RefreshText, "the attempt of a client");
        await service.LogoutAsync((await service.LoginAsync(account.Email, client: Browser with { Device = "My phone!" })).Session);
        for (var i = 0; i < 11; i++)
            await service.TryLoginAsync(i < 5 ? other.Email : Service.NewEmail(), "wrong password");
        await service.SendMessage.ExecuteAsync(account.Id, other.Id, "hello", "the key of a client", default);
        await service.Flag.ExecuteAsync(default);
        await service.RaiseAlerts.ExecuteAsync(default);
        clock.Advance(TimeSpan.FromHours(2));
        await service.RollUp.ExecuteAsync(default);
    }
}
