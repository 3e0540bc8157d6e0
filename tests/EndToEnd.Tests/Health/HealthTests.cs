namespace EndToEnd.Tests.Health;

[Collection(nameof(App))]
public sealed class HealthTests(App app)
{
    [Fact]
    public async Task A_ready_instance_tells_how_far_each_timer_lags()
    {
        var ready = (await app.Client.GetAsync("health/ready")).IsOk().Json;
        Assert.Equal(("current", "argon2id"), (ready.GetProperty("keyRing").Text("state"), ready.Text("passwordHashes")));
        Assert.Equal(
            [
                "PurgeExpiredSessions", "FlagSuspiciousIps", "RaiseSecurityAlerts", "SendOutbox", "RollUpStatistics", "PurgeOldLogs",
                "RotateSigningKeys",
            ],
            ready.Items("timers").Select(timer => timer.Text("name")));
    }

    [OwnAppFact]
    public async Task An_administrator_sees_how_storage_timers_keys_and_outbox_are()
    {
        const string timer = "PurgeExpiredSessions";
        await app.RunToTheEndAsync(timer);
        await Eventually.FindAsync("the run is recorded", () => Tables.FindAsync(app.Tables.Security, "run", timer));
        var health = (await app.AdminGetAsync("admin/health")).IsOk().Json;
        Assert.InRange(health.GetProperty("storage").Number("latencyMilliseconds"), 0, 60_000);
        Assert.Equal(7, health.Items("timers").Select(timer => (timer.Text("name"), timer.Text("schedule"))).Distinct().Count());
        // The answer may be some seconds old, and the timer have run before.
        await Eventually.TrueAsync("the run is told", async () => (await app.AdminGetAsync("admin/health")).IsOk().Json
            .Items("timers").Single(each => each.Text("name") == timer).TryGetProperty("lastRunAt", out _));
        Assert.Equal("current", health.GetProperty("keys").Text("state"));
        var kinds = health.GetProperty("keys").Items("kinds").ToList();
        Assert.Equal(["signing", "mac", "audit"], kinds.Select(kind => kind.Text("kind")));
        Assert.Equal(Jwt.Parse((await app.LoginAsync()).AccessToken).Header.Text("kid"), kinds[0].Text("active"));
        Assert.True(health.GetProperty("outbox").GetProperty("complete").GetBoolean());
        Assert.Equal("argon2id", health.Text("passwordHashes"));
        Assert.Equal((await app.Client.GetAsync("health/ready")).IsOk().Json.Text("clientAddresses"), health.Text("clientAddresses"));
        Assert.DoesNotContain(health.Items("timers"), timer => timer.GetProperty("disabled").GetBoolean());
        Assert.True(health.GetProperty("keys").GetProperty("createdAt").GetDateTimeOffset() < DateTimeOffset.UtcNow);
        (await app.Client.GetAsync("admin/health", (await app.LoginAsync()).AccessToken)).IsProblem(403, "forbidden");
    }
}
