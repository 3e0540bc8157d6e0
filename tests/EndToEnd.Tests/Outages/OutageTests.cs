using System.Diagnostics;

namespace EndToEnd.Tests.Outages;

public sealed class OutageTests(OutageApp app) : IClassFixture<OutageApp>
{
    private static readonly TimeSpan ShortestPatience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Without_storage_each_route_says_when_to_come_back_and_serves_again_once_storage_does()
    {
        var logins = app.Logins[..4];
        Task<Answer>[] SendAll() =>
        [
            app.TryLoginAsync(), app.Client.LoginAsync(App.NewEmail(), "wrong horse battery staple"),
            app.Client.StatusAsync(logins[0].AccessToken), app.Client.RefreshAsync(logins[1].RefreshToken),
            app.Client.LogoutAsync(logins[2].AccessToken), app.Client.LogoutByRefreshTokenAsync(logins[3].RefreshToken),
        ];
        Task<Answer> ReadyAsync() => app.Client.GetAsync("health/ready");

        var worker = app.WorkerId;
        await app.Azurite.StopAsync();
        var clock = Stopwatch.StartNew();
        foreach (var answer in await Task.WhenAll(SendAll()))
            SaysWhenToComeBack(answer);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, ShortestPatience);
        // What it said a moment ago, it says for five seconds.
        await Eventually.TrueAsync("not ready", async () => (await ReadyAsync()).Status == 503);
        var unready = await ReadyAsync();
        SaysWhenToComeBack(unready);
        Assert.Equal("Storage can't be reached; the key ring is loaded.", unready.Json.Text("detail"));

        (await app.Client.StatusAsync("garbage")).IsProblem(401, "token_invalid");
        (await app.Client.RefreshAsync("garbage")).IsProblem(401, "token_invalid");
        (await app.Client.SendAsync(SessionClient.Post("sessions/login", "{}"))).IsProblem(400, "invalid_request");
        (await app.Client.GetAsync("health/live")).IsOk();

        await app.Azurite.StartAgainAsync();
        var answers = await Task.WhenAll(SendAll());

        Assert.Equal([200, 401, 200, 200, 204, 204], answers.Select(answer => answer.Status));
        await Eventually.TrueAsync("ready again", async () => (await ReadyAsync()).Status == 200);
        (await app.Client.StatusAsync(logins[2].AccessToken)).IsProblem(401, "session_ended", "logout");
        Assert.Equal(worker, app.WorkerId);
        Overheard.IsClean(app.Output);
    }

    [Fact]
    public async Task Sessions_that_are_refreshed_all_the_while_survive_an_outage()
    {
        using var stop = new CancellationTokenSource();
        var clients = app.Logins[4..].Select(login => Task.Run(() => RefreshOnAndOnAsync(login, stop.Token))).ToList();

        await Task.Delay(500); // Until they are at it.
        await app.Azurite.StopAsync();
        await Task.Delay(1000);
        await app.Azurite.StartAgainAsync();
        await stop.CancelAsync(); // Each goes on until it was served again.

        foreach (var client in clients)
        {
            var (before, during, after, last) = await client;
            Assert.True(before > 0 && during > 0 && after > 0, $"{before} refreshes, {during} refusals, then {after} refreshes");
            (await app.Client.StatusAsync(last.AccessToken)).IsOk();
        }
    }

    [Fact]
    public async Task Days_that_were_counted_are_told_while_the_newest_activity_cannot_be_read()
    {
        var administrator = (await app.Client.LoginAsAdministratorAsync()).AccessToken;
        Task<Answer> StatisticsAsync() => app.Client.GetAsync("admin/statistics", administrator);
        Assert.True((await StatisticsAsync()).IsOk().Json.TryGetProperty("live", out _));
        await app.Tables.Timeline.DeleteAsync();
        try
        {
            await Eventually.TrueAsync(
                "no figures of now", async () => !(await StatisticsAsync()).IsOk().Json.TryGetProperty("live", out _));
        }
        finally
        {
            await app.Tables.Timeline.CreateIfNotExistsAsync();
        }
    }

    /// <summary>As a client that wants to stay logged in: after a 503 it tries the same token again.</summary>
    private async Task<(int Before, int During, int After, Answer Last)> RefreshOnAndOnAsync(Answer login, CancellationToken stop)
    {
        var (before, during, after, last) = (0, 0, 0, login);
        while (!stop.IsCancellationRequested || after == 0)
        {
            var answer = await app.Client.RefreshAsync(last.RefreshToken);
            if (answer.Status == 503)
            {
                SaysWhenToComeBack(answer);
                during++;
                Assert.True(during < 1000, "The service doesn't come back.");
                continue;
            }

            last = answer.IsOk();
            (before, after) = during == 0 ? (before + 1, 0) : (before, after + 1);
        }

        return (before, during, after, last);
    }

    private static void SaysWhenToComeBack(Answer answer) =>
        Assert.InRange(answer.IsProblem(503, "unavailable").RetryAfter, 1, 60);
}
