namespace EndToEnd.Tests.Timers;

[Collection(nameof(App))]
public sealed class PurgeOldLogsTests(App app)
{
    [Fact]
    public async Task What_is_older_than_its_retention_goes_and_the_rest_stays()
    {
        var login = await app.LoginAsync();
        var now = TimeProvider.System.GetUtcNow();
        var (old, young) = (await AddAsync(login, now.AddDays(-91)), await AddAsync(login, now.AddDays(-89)));
        var filing = new TableEntity($"r:00:{now.AddHours(-2).UtcDateTime.ToString("yyyyMMddHH", CultureInfo.InvariantCulture)}", login.UserId);
        await app.Tables.Timeline.AddEntityAsync(filing);

        await app.Client.RunTimerAsync("PurgeOldLogs");
        await Eventually.TrueAsync("the filing is dealt with", async () =>
            await Tables.FindAsync(app.Tables.Timeline, filing.PartitionKey, filing.RowKey) is null);

        Assert.Null(await Tables.FindAsync(app.Tables.Sessions, login.UserId, old));
        Assert.NotNull(await Tables.FindAsync(app.Tables.Sessions, login.UserId, young));
        Assert.Equal(["login"], await app.Tables.LogAsync(login));
        (await app.Client.StatusAsync(login.AccessToken)).IsOk();
    }

    private async Task<string> AddAsync(Answer login, DateTimeOffset at)
    {
        var row = new TableEntity(login.UserId, $"l:{long.MaxValue - at.UtcTicks:D19}:{Guid.NewGuid():N}") { ["Action"] = "login", ["At"] = at, ["Success"] = false };
        await app.Tables.Sessions.AddEntityAsync(row);
        return row.RowKey;
    }
}
