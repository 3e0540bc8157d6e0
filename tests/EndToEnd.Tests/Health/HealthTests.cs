namespace EndToEnd.Tests.Health;

[Collection(nameof(App))]
public sealed class HealthTests(App app)
{
    [Fact]
    public async Task A_ready_instance_tells_how_far_each_timer_lags()
    {
        var ready = (await app.Client.GetAsync("health/ready")).IsOk().Json;
        Assert.Equal("current", ready.GetProperty("keyRing").Text("state"));
        Assert.Equal(
            [
                "PurgeExpiredSessions", "FlagSuspiciousIps", "RaiseSecurityAlerts", "SendOutbox", "RollUpStatistics", "PurgeOldLogs",
                "RotateSigningKeys",
            ],
            ready.Items("timers").Select(timer => timer.Text("name")));
    }
}
