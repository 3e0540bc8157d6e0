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
        Assert.Equal("""{"status":"live"}""", answer.Text);
        Assert.Equal("no-store", answer.Header("Cache-Control"));
    }

    [Fact]
    public async Task A_ready_instance_tells_how_far_each_timer_lags()
    {
        var answer = (await app.Client.SendAsync(SessionClient.Get("health/ready"))).IsOk();
        Assert.Equal("ready", answer.Json.GetProperty("status").GetString());
        var timers = answer.Json.GetProperty("timers").EnumerateArray().ToList();
        Assert.Equal(
            ["PurgeExpiredSessions", "FlagSuspiciousIps", "RotateSigningKeys"],
            timers.Select(timer => timer.GetProperty("name").GetString()));
        Assert.All(timers, timer => Assert.Contains(timer.GetProperty("lagSeconds").ValueKind.ToString(), new[] { "Null", "Number" }));
    }
}
