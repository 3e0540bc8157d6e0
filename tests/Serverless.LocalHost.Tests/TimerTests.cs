using Serverless.LocalHost.Timers;

namespace Serverless.LocalHost.Tests;

public sealed class TimerTests
{
    private const string Begun = " began, past due: ";

    [Fact]
    public async Task A_timer_runs_at_the_start_where_its_binding_says_so_and_others_by_their_schedules_which_may_be_settings()
    {
        await using var host = await HostProcess.StartAsync(environment: ("Timers__Schedule", "* * * * * *"));

        // Neither is monitored, so they get no status.
        await host.UntilPrintedAsync("AtStart" + Begun + "False, next: .");
        await host.UntilPrintedAsync("Scheduled" + Begun + "False, next: .");
        await host.UntilAsync(() => host.Lines.Count(l => l == "Scheduled ended.") >= 2);
        Assert.DoesNotContain(host.Lines, l => l.StartsWith("Hourly", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Run", "nightly")]
    public async Task A_run_that_was_missed_while_the_host_was_down_is_made_up_for_at_the_start()
    {
        var (folder, port) = (HostProcess.NewFolder(), FreePort.Next());
        var status = Path.Combine(folder, ".timers", $"{port}", "Hourly.json");
        try
        {
            await using (var first = await HostProcess.StartAsync(folder: folder, port: port))
                await first.UntilAsync(() => File.Exists(status));
            await File.WriteAllTextAsync(
                status, """{"Last":"2026-01-01T09:00:00Z","Next":"2026-01-01T10:00:00Z","LastUpdated":"2026-01-01T09:00:00Z"}""");
            await using var second = await HostProcess.StartAsync(folder: folder, port: port);

            await second.UntilPrintedAsync("Hourly" + Begun + "True, next: 2026-01-01T10:00:00");
            await second.UntilAsync(() => File.ReadAllText(status).Contains(":00:00Z", StringComparison.Ordinal));
            Assert.DoesNotContain(second.Lines, l => l.StartsWith("Scheduled", StringComparison.Ordinal));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("0 */15 * * * *", "2026-01-01T10:15:00")]
    [InlineData("*/15 * * * *", "2026-01-01T10:15:00")]
    [InlineData("30 * * * * *", "2026-01-01T10:07:30")]
    [InlineData("0 0 0 1 1 *", "2027-01-01T00:00:00")]
    [InlineData("00:05:00", "2026-01-01T10:12:07")]
    public void A_schedule_is_ncrontab_or_an_interval(string text, string next) =>
        Assert.Equal(next, $"{Schedule.Parse(text)!.Next(new(2026, 1, 1, 10, 7, 7)):s}");

    [Theory]
    [InlineData("often")]
    [InlineData("")]
    [InlineData("0 0 25 * * *")]
    [InlineData("* * * *")]
    [InlineData("-00:01:00")]
    public void Anything_else_is_no_schedule(string text) => Assert.Null(Schedule.Parse(text));

    [Theory]
    [InlineData("*/30 * * * * *", true)]
    [InlineData("0 * * * * *", false)]
    [InlineData("00:00:59", true)]
    [InlineData("00:01:00", false)]
    public void More_often_than_once_a_minute_is_frequent(string text, bool frequent) =>
        Assert.Equal(frequent, Schedule.Parse(text)!.IsFrequent(new(2026, 1, 1, 10, 7, 7)));
}
