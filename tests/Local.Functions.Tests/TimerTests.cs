using System.Collections.Concurrent;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Runtime.Startup;
using Microsoft.Extensions.DependencyInjection;

namespace Local.Functions.Tests;

public class TimerTests
{
    [Fact]
    public async Task A_timer_fires_again_and_again_on_its_schedule()
    {
        var runs = new Runs();
        await using var app = await TestApp.StartAsync<Often>(builder => builder.Services.AddSingleton(runs));

        await Eventually.TrueAsync(() => runs.Count >= 3);

        Assert.All(runs, timer => Assert.Null(timer.ScheduleStatus));
    }

    [Fact]
    public async Task A_timer_never_overlaps_itself_and_what_it_missed_becomes_one_late_run()
    {
        var runs = new Runs { Duration = TimeSpan.FromSeconds(1.5) };
        await using var app = await TestApp.StartAsync<Often>(builder => builder.Services.AddSingleton(runs));

        await Eventually.TrueAsync(() => runs.Count >= 2);

        Assert.Equal(1, runs.MostAtOnce);
        Assert.Equal([false, true], runs.Take(2).Select(timer => timer.IsPastDue));
    }

    [Fact]
    public async Task A_failing_timer_is_logged_and_goes_on()
    {
        var runs = new Runs { Fail = true };
        await using var app = await TestApp.StartAsync<Often>(builder => builder.Services.AddSingleton(runs));

        await Eventually.TrueAsync(() => app.Logs.Errors.Count() >= 2);

        Assert.All(app.Logs.Errors, e => Assert.Equal("Function.Often", e.Category));
    }

    [Fact]
    public async Task RunOnStartup_runs_at_once()
    {
        var runs = new Runs();
        await using var app = await TestApp.StartAsync<Startup>(builder => builder.Services.AddSingleton(runs));

        await Eventually.TrueAsync(() => runs.Count == 1);
    }

    [Fact]
    public async Task A_disabled_timer_does_not_fire()
    {
        var runs = new Runs();
        await using var app = await TestApp.StartAsync(
            [typeof(Often), typeof(Switched)],
            builder =>
            {
                builder.Services.AddSingleton(runs);
                builder.Configuration["AzureWebJobs.Often.Disabled"] = "1";
            },
            settings: """{ "IsEncrypted": false, "Values": { "SwitchedSchedule": "00:00:00.1" } }""");

        await Eventually.TrueAsync(() => runs.Names.Count >= 3);

        Assert.DoesNotContain("Often", runs.Names);
    }

    [Fact]
    public async Task A_running_timer_finishes_when_the_host_stops_and_no_other_run_begins()
    {
        var runs = new Runs { Duration = TimeSpan.FromSeconds(1) };
        await using var app = await TestApp.StartAsync<Startup>(builder => builder.Services.AddSingleton(runs));
        await Eventually.TrueAsync(() => runs.Running == 1);

        await app.StopAsync();

        Assert.Single(runs);
        Assert.False(runs.WasCancelled);
    }

    [Fact]
    public async Task A_timer_that_outlasts_the_grace_is_cancelled_and_that_is_no_error()
    {
        var runs = new Runs { Duration = Timeout.InfiniteTimeSpan, Cancellable = true };
        await using var app = await TestApp.StartAsync<Startup>(builder => builder.Services.AddSingleton(runs));
        await Eventually.TrueAsync(() => runs.Running == 1);

        await app.StopAsync(TimeSpan.FromMilliseconds(100));

        Assert.True(runs.WasCancelled);
        Assert.Empty(app.Logs.Errors);
    }

    [Fact]
    public async Task The_schedule_status_moves_on_with_the_clock()
    {
        var runs = new Runs();
        var clock = new ManualClock(new DateTimeOffset(2026, 3, 1, 11, 58, 30, TimeSpan.Zero));
        await using var app = await TestApp.StartAsync<Hourly>(builder =>
            builder.Services.AddSingleton(runs).AddSingleton<TimeProvider>(clock));

        await clock.ForwardAsync(TimeSpan.FromMinutes(2), () => runs.Count == 1);
        await clock.ForwardAsync(TimeSpan.FromHours(1), () => runs.Count == 2);

        var (first, second) = (runs.First().ScheduleStatus!, runs.Last().ScheduleStatus!);
        Assert.Equal(default, first.Last);
        Assert.Equal(new DateTime(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc), first.Next);
        Assert.Equal(new DateTime(2026, 3, 1, 12, 0, 30, DateTimeKind.Utc), second.Last);
        Assert.Equal(second.Last, second.LastUpdated);
        Assert.Equal(new DateTime(2026, 3, 1, 13, 0, 0, DateTimeKind.Utc), second.Next);
        Assert.All(runs, timer => Assert.True(timer.IsPastDue));
    }

    [Fact]
    public async Task A_schedule_from_a_setting_that_is_missing_stops_the_start_and_names_it()
    {
        var failure = await Assert.ThrowsAsync<StartupException>(() => TestApp.StartAsync<Missing>());

        Assert.Contains("'Timers__Nowhere'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("'Missing'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_schedule_from_a_section_of_settings_is_found_by_the_name_of_its_variable()
    {
        await using var app = await TestApp.StartAsync<Missing>(
            builder => builder.Configuration["Timers:Nowhere"] = "0 0 3 * * *");

        Assert.Contains("Missing: timerTrigger", app.Output.ToString(), StringComparison.Ordinal);
    }

    public sealed class Runs : ConcurrentQueue<TimerInfo>
    {
        private int _running;
        private int _mostAtOnce;

        public TimeSpan Duration { get; init; }

        public bool Cancellable { get; init; }

        public bool Fail { get; init; }

        public ConcurrentQueue<string> Names { get; } = new();

        public int Running => _running;

        public int MostAtOnce => _mostAtOnce;

        public bool WasCancelled { get; private set; }

        public async Task RunAsync(string name, TimerInfo timer, CancellationToken cancellationToken)
        {
            _mostAtOnce = Math.Max(Interlocked.Increment(ref _running), _mostAtOnce);
            try
            {
                await Task.Delay(Duration, Cancellable ? cancellationToken : CancellationToken.None);
            }
            finally
            {
                WasCancelled |= cancellationToken.IsCancellationRequested;
                Names.Enqueue(name);
                Enqueue(timer);
                Interlocked.Decrement(ref _running);
            }

            if (Fail)
                throw new InvalidOperationException("as asked");
        }
    }

    public class Often(Runs runs)
    {
        [Function("Often")]
        public Task Run([TimerTrigger("00:00:00.2")] TimerInfo timer, CancellationToken cancellationToken) =>
            runs.RunAsync("Often", timer, cancellationToken);
    }

    public class Idle(Runs runs)
    {
        [Function("Idle")]
        public Task Run([TimerTrigger("0 0 0 1 1 *")] TimerInfo timer, CancellationToken cancellationToken) =>
            runs.RunAsync("Idle", timer, cancellationToken);
    }

    public class Hourly(Runs runs)
    {
        [Function("Hourly")]
        public Task Run([TimerTrigger("0 0 * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
            runs.RunAsync("Hourly", timer, cancellationToken);
    }

    public class Startup(IServiceProvider services)
    {
        [Function("Startup")]
        public Task Run(
            [TimerTrigger("0 0 0 1 1 *", RunOnStartup = true)] TimerInfo timer, CancellationToken cancellationToken) =>
            services.GetService<Runs>()?.RunAsync("Startup", timer, cancellationToken) ?? Task.CompletedTask;
    }

    public class Switched(Runs runs)
    {
        [Function("Switched")]
        public Task Run([TimerTrigger("%SwitchedSchedule%")] TimerInfo timer, CancellationToken cancellationToken) =>
            runs.RunAsync("Switched", timer, cancellationToken);
    }

    public class Missing
    {
        [Function("Missing")]
        public static void Run([TimerTrigger("%Timers__Nowhere%")] TimerInfo timer) => _ = timer;
    }
}
