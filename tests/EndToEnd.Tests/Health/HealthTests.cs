using EndToEnd.Tests.Client;
using EndToEnd.Tests.Hosting;

namespace EndToEnd.Tests.Health;

/// <summary>What a load balancer and an alert ask.</summary>
[Collection(nameof(App))]
public sealed class HealthTests(App app)
{
    [Fact]
    public async Task A_living_instance_says_so()
    {
        var answer = (await app.Client.SendAsync(SessionClient.Get("health/live"))).IsOk();
        Golden.HealthLive.Matches(answer.Json);
    }

    [Fact]
    public async Task A_ready_instance_tells_how_far_each_timer_lags()
    {
        var answer = (await app.Client.SendAsync(SessionClient.Get("health/ready"))).IsOk();
        Golden.HealthReady.Matches(answer.Json);
        var timers = answer.Json.GetProperty("timers").EnumerateArray().ToList();
        Assert.Equal(
            ["PurgeExpiredSessions", "FlagSuspiciousIps", "RaiseSecurityAlerts", "RollUpStatistics", "PurgeOldLogs", "RotateSigningKeys"],
            timers.Select(timer => timer.GetProperty("name").GetString()));
    }
}
