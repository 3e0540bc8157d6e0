namespace EndToEnd.Tests.Health;

[Collection(nameof(App))]
public sealed class HealthTests(App app)
{
    [Fact]
    public async Task A_living_instance_says_so() => (await app.Client.SendAsync(SessionClient.Get("health/live"))).IsOk();

    [Fact]
    public async Task A_ready_instance_tells_how_far_each_timer_lags()
    {
        var answer = (await app.Client.SendAsync(SessionClient.Get("health/ready"))).IsOk();
        Assert.Equal("current", answer.Json.GetProperty("keyRing").GetProperty("state").GetString());
        var timers = answer.Json.GetProperty("timers").EnumerateArray().ToList();
        Assert.Equal(
            ["PurgeExpiredSessions", "FlagSuspiciousIps", "RaiseSecurityAlerts", "RollUpStatistics", "PurgeOldLogs", "RotateSigningKeys"],
            timers.Select(timer => timer.GetProperty("name").GetString()));
    }
}
