namespace Serverless.Sessions.Tests.Storage;

public sealed class ReadinessTests : IDisposable
{
    private static readonly DateTimeOffset Start = new FakeClock().GetUtcNow();

    private readonly FakeClock _clock = new();
    private readonly Stores _stores = InMemoryStores.Create();
    private readonly Service _service;

    public ReadinessTests() => _service = new(_stores, _clock);

    public void Dispose() => _service.Dispose();

    [Fact]
    public async Task Timers_that_did_their_work_lag_by_nothing_but_what_may_still_come()
    {
        await _service.RotateKeys.ExecuteAsync(default);
        await _service.Purge.ExecuteAsync(default);
        await _service.Flag.ExecuteAsync(default);
        await _service.RaiseAlerts.ExecuteAsync(default);
        await _service.RollUp.ExecuteAsync(default);
        await _service.PurgeOldLogs.ExecuteAsync(default);

        await _service.Keys.GetFreshAsync(default);
        _clock.Advance(TimeSpan.FromMinutes(10)); // The source reads the ring again, beside the first who asks.
        await _service.Keys.GetFreshAsync(default);
        await _service.Flag.ExecuteAsync(default);
        await _service.RaiseAlerts.ExecuteAsync(default);

        Assert.Equal(
            [
                new("PurgeExpiredSessions", TimeSpan.Zero), new("FlagSuspiciousIps", TimeSpan.FromMinutes(2)),
                new("RaiseSecurityAlerts", TimeSpan.FromMinutes(2)), new("SendOutbox", TimeSpan.Zero), new("RollUpStatistics", TimeSpan.Zero),
                new("PurgeOldLogs", TimeSpan.Zero), new("RotateSigningKeys", TimeSpan.Zero),
            ],
            await LagsAsync());
    }

    [Fact]
    public async Task A_timer_that_never_runs_lags_more_and_more()
    {
        var session = (await _service.LoginAsync()).Session;
        await _stores.Outbox.ScheduleAsync(OutboxDue.New(Guid.NewGuid(), OutboxChannel.Mail, "a key", Start), default);
        var endOfHour = Start.StartOfHour().AddHours(13); // A session without `remember` lives for 12 hours.

        _clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal(
            [
                new("PurgeExpiredSessions", _clock.GetUtcNow() - endOfHour), new("FlagSuspiciousIps", null),
                new("RaiseSecurityAlerts", null), new("SendOutbox", TimeSpan.FromDays(2) - TimeSpan.FromMinutes(1)),
                new("RollUpStatistics", null), new("PurgeOldLogs", null), new("RotateSigningKeys", TimeSpan.FromDays(2)),
            ],
            await LagsAsync());
        Assert.Equal(12, (session.ExpiresAt - Start).TotalHours);
    }

    [Fact]
    public async Task Statistics_lag_from_a_quarter_of_an_hour_after_the_first_hour_that_is_not_rolled_up()
    {
        _clock.Set(new(2026, 3, 14, 9, 20, 0, TimeSpan.Zero));
        await _service.RollUp.ExecuteAsync(default);
        _clock.Set(new(2026, 3, 14, 10, 15, 0, TimeSpan.Zero));
        Assert.Contains(new("RollUpStatistics", TimeSpan.Zero), await LagsAsync());
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Contains(new("RollUpStatistics", TimeSpan.FromMinutes(1)), await LagsAsync());
    }

    [Fact]
    public async Task Retention_lags_from_the_end_of_the_first_hour_that_it_has_not_looked_at()
    {
        _clock.Set(new(2026, 3, 14, 9, 20, 0, TimeSpan.Zero));
        await _service.PurgeOldLogs.ExecuteAsync(default);
        _clock.Set(new(2026, 3, 14, 10, 0, 0, TimeSpan.Zero));
        Assert.Contains(new("PurgeOldLogs", TimeSpan.Zero), await LagsAsync());
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Contains(new("PurgeOldLogs", TimeSpan.FromMinutes(1)), await LagsAsync());
    }

    [Fact]
    public async Task Storage_that_is_away_is_asked_once_in_five_seconds_too()
    {
        var (away, asked) = (false, 0);
        var timeline = Intercepted.Around(_stores.Timeline, before: _ =>
        {
            asked++;
            if (away)
                throw new StorageUnavailableException("gone");
        });
        using var service = new Service(_stores with { Timeline = timeline }, _clock);
        await service.Keys.GetAsync(default);
        away = true;

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => service.Readiness.ExecuteAsync(default)));
        Assert.All(answers, answer => Assert.Equal(new ReadinessResult.NoStorage("gone"), answer));
        Assert.Equal(1, asked);

        away = false;
        _clock.Advance(CheckReadiness.CacheLifetime);
        Assert.IsType<ReadinessResult.Ready>(await service.Readiness.ExecuteAsync(default));
    }

    [Fact]
    public async Task An_answer_stands_for_five_seconds_from_when_it_is_known_however_long_it_took()
    {
        var timeline = Intercepted.Around(_stores.Timeline, before: Intercepted.At(
            nameof(ITimeline.FindOldestDueAsync), () => _clock.Advance(TimeSpan.FromSeconds(9))));
        using var service = new Service(_stores with { Timeline = timeline }, _clock);
        var answer = await service.Readiness.ExecuteAsync(default);
        _clock.Advance(TimeSpan.FromSeconds(4.9));
        Assert.Same(answer, await service.Readiness.ExecuteAsync(default));
        _clock.Advance(TimeSpan.FromSeconds(0.2));
        Assert.NotSame(answer, await service.Readiness.ExecuteAsync(default));
    }

    [Fact]
    public async Task Callers_who_hang_up_leave_one_check_to_those_who_come_after_them()
    {
        var asked = 0;
        var hangs = new TaskCompletionSource<DateTimeOffset?>();
        var timeline = Intercepted.Around(
            _stores.Timeline, before: Intercepted.At(nameof(ITimeline.FindOldestDueAsync), () => asked++),
            instead: (call, _) => call == nameof(ITimeline.FindOldestDueAsync) ? hangs.Task : null);
        using var service = new Service(_stores with { Timeline = timeline }, _clock);
        for (var i = 0; i < 3; i++)
        {
            using var hangsUp = new CancellationTokenSource();
            var answer = service.Readiness.ExecuteAsync(hangsUp.Token);
            await hangsUp.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer.WaitAsync(TimeSpan.FromSeconds(9)));
        }

        var stays = service.Readiness.ExecuteAsync(default);
        hangs.SetResult(null);
        Assert.Same(await stays, await service.Readiness.ExecuteAsync(default));
        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task A_ring_that_was_never_read_makes_an_instance_unready_and_one_that_is_stale_does_not()
    {
        var away = true;
        var keys = Intercepted.Around(_stores.Keys, before: _ =>
        {
            if (away)
                throw new StorageUnavailableException("no vault");
        });
        using var service = new Service(_stores with { Keys = keys }, _clock);
        Assert.Equal(new ReadinessResult.NoKeys("no vault"), await service.Readiness.ExecuteAsync(default));

        away = false;
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(new KeyRingState(TimeSpan.Zero, Stale: false), (await ReadyAsync(service)).Keys);

        away = true;
        _clock.Advance(TimeSpan.FromMinutes(10));
        await service.Keys.GetFreshAsync(default); // Tries, and keeps the previous ring.
        Assert.Equal(new KeyRingState(TimeSpan.FromMinutes(10), Stale: true), (await ReadyAsync(service)).Keys);
    }

    private static async Task<ReadinessResult.Ready> ReadyAsync(Service service) =>
        Assert.IsType<ReadinessResult.Ready>(await service.Readiness.ExecuteAsync(default));

    private async Task<IReadOnlyList<TimerLag>> LagsAsync() => (await ReadyAsync(_service)).Timers;
}
