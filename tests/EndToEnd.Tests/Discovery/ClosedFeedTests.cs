using EndToEnd.Tests.Client;
using EndToEnd.Tests.Hosting;
using Serverless.Testing;

namespace EndToEnd.Tests.Discovery;

/// <summary>An app whose feed is closed by its setting.</summary>
public sealed class ClosedFeedTests
{
    [Fact]
    public async Task A_closed_feed_is_not_there_whatever_is_asked()
    {
        await using var azurite = await Azurite.StartAsync();
        await using var app = await AppProcess.StartAsync(port =>
            new Dictionary<string, string>(AppSettings.For(azurite.ConnectionString, port, graceSeconds: 30)) { ["Feed__Public"] = "false" });
        using var client = new SessionClient(app.BaseAddress);
        foreach (var query in new[] { "", "?since=0", "?since=x" })
        {
            (await client.SendAsync(new(HttpMethod.Get, SessionClient.Api("sessions/revocations" + query))))
                .IsProblem(404, "not_found");
        }
    }
}
