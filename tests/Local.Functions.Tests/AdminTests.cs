using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;

namespace Local.Functions.Tests;

public class AdminTests
{
    [Fact]
    public async Task A_timer_can_be_run_by_hand()
    {
        var runs = new TimerTests.Runs();
        await using var app = await StartAsync(runs);

        using var response = await PostAsync(app, "Idle", """{ "input": "" }""");

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        await Eventually.TrueAsync(() => runs.Count == 1);
        var timer = runs.First();
        Assert.False(timer.IsPastDue);
        Assert.Equal(default, timer.ScheduleStatus!.Last);
        Assert.True(timer.ScheduleStatus.Next > DateTime.UtcNow);
        Assert.Equal(DateTimeKind.Utc, timer.ScheduleStatus.Next.Kind);
    }

    [Theory]
    [InlineData("Unknown", """{ "input": "" }""", HttpStatusCode.NotFound)]
    [InlineData("idle", "{}", HttpStatusCode.Accepted)]
    [InlineData("Idle", "", HttpStatusCode.BadRequest)]
    [InlineData("Idle", "{", HttpStatusCode.BadRequest)]
    [InlineData("Idle", "null", HttpStatusCode.BadRequest)]
    [InlineData("Unknown", "", HttpStatusCode.BadRequest)]
    [InlineData("NarrowGet", "{}", HttpStatusCode.BadRequest)]
    public async Task Other_requests_are_told_apart(string name, string body, HttpStatusCode status)
    {
        await using var app = await StartAsync(new TimerTests.Runs());

        using var response = await PostAsync(app, name, body);

        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    public async Task A_body_that_is_not_declared_as_json_is_refused()
    {
        await using var app = await StartAsync(new TimerTests.Runs());

        using var response = await app.Http.PostAsync("admin/functions/Idle", new StringContent("{}"));

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
    }

    [Fact]
    public async Task Runs_by_hand_wait_their_turn()
    {
        var runs = new TimerTests.Runs { Duration = TimeSpan.FromMilliseconds(100) };
        await using var app = await StartAsync(runs);

        for (var i = 0; i < 3; i++)
            (await PostAsync(app, "Idle", "{}")).Dispose();

        await Eventually.TrueAsync(() => runs.Count == 3);
        Assert.Equal(1, runs.MostAtOnce);
    }

    [Fact]
    public async Task The_state_and_the_functions_can_be_asked_for()
    {
        await using var app = await StartAsync(new TimerTests.Runs());

        Assert.Equal("""{"state":"Running"}""", await app.Http.GetStringAsync("admin/host/status"));
        Assert.Contains("""{"name":"Idle"}""", await app.Http.GetStringAsync("admin/functions"), StringComparison.Ordinal);
    }

    private static Task<TestApp> StartAsync(TimerTests.Runs runs) => TestApp.StartAsync(
        [typeof(TimerTests.Idle), typeof(RoutingTests.Narrow)], builder => builder.Services.AddSingleton(runs));

    private static Task<HttpResponseMessage> PostAsync(TestApp app, string name, string body) =>
        app.Http.PostAsync($"admin/functions/{name}", new StringContent(body, Encoding.UTF8, "application/json"));
}
