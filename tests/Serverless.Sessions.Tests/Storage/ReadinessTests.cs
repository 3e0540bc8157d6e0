namespace Serverless.Sessions.Tests.Storage;

public sealed class ReadinessTests
{
    private static readonly DateTimeOffset Start = new FakeClock().GetUtcNow();

    [Fact]
    public async Task Timers_that_did_their_work_lag_by_nothing_but_what_may_still_come()
    {
        var clock = new FakeClock();
        using var service = new Service(InMemoryStores.Create(), clock);
        await service.RotateKeys.ExecuteAsync(default);
        await service.Purge.ExecuteAsync(default);
        await service.Flag.ExecuteAsync(default);
        await service.RaiseAlerts.ExecuteAsync(default);
        await service.RollUp.ExecuteAsync(default);
        await service.PurgeOldLogs.ExecuteAsync(default);

        await service.Keys.GetFreshAsync(default);
        clock.Advance(TimeSpan.FromMinutes(10)); // The source reads the ring again, beside the first who asks.
        await service.Keys.GetFreshAsync(default);
        await service.Flag.ExecuteAsync(default);
        await service.RaiseAlerts.ExecuteAsync(default);

        Assert.Equal(
            [
                new("PurgeExpiredSessions", TimeSpan.Zero),
                new("FlagSuspiciousIps", TimeSpan.FromMinutes(2)),
                new("RaiseSecurityAlerts", TimeSpan.FromMinutes(2)),
                new("RollUpStatistics", TimeSpan.Zero),
                new("PurgeOldLogs", TimeSpan.Zero),
                new("RotateSigningKeys", TimeSpan.Zero),
            ],
            await LagsAsync(service));
    }

    [Fact]
    public async Task A_timer_that_never_runs_lags_more_and_more()
    {
        var clock = new FakeClock();
        using var service = new Service(InMemoryStores.Create(), clock);
        var account = await service.CreateAccountAsync();
        var session = (await service.LoginAsync(account.Email)).Session;
        var endOfHour = new DateTimeOffset(Start.Year, Start.Month, Start.Day, Start.Hour, 0, 0, TimeSpan.Zero)
            + TimeSpan.FromHours(13); // A session without `remember` lives for 12 hours.

        clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal(
            [
                new("PurgeExpiredSessions", clock.GetUtcNow() - endOfHour),
                new("FlagSuspiciousIps", null),
                new("RaiseSecurityAlerts", null),
                new("RollUpStatistics", null),
                new("PurgeOldLogs", null),
                new("RotateSigningKeys", TimeSpan.FromDays(2)),
            ],
            await LagsAsync(service));
        Assert.Equal(12, (session.ExpiresAt - Start).TotalHours);
    }

    [Fact]
    public async Task Statistics_lag_from_a_quarter_of_an_hour_after_the_first_hour_that_is_not_rolled_up()
    {
        var clock = new FakeClock();
        using var service = new Service(InMemoryStores.Create(), clock);
        clock.Set(new(2026, 3, 14, 9, 20, 0, TimeSpan.Zero));
        await service.RollUp.ExecuteAsync(default);
        clock.Set(new(2026, 3, 14, 10, 15, 0, TimeSpan.Zero));
        Assert.Contains(new("RollUpStatistics", TimeSpan.Zero), await LagsAsync(service));
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Contains(new("RollUpStatistics", TimeSpan.FromMinutes(1)), await LagsAsync(service));
    }

    [Fact]
    public async Task Retention_lags_from_the_end_of_the_first_hour_that_it_has_not_looked_at()
    {
        var clock = new FakeClock();
        using var service = new Service(InMemoryStores.Create(), clock);
        clock.Set(new(2026, 3, 14, 9, 20, 0, TimeSpan.Zero));
        await service.PurgeOldLogs.ExecuteAsync(default);
        clock.Set(new(2026, 3, 14, 10, 0, 0, TimeSpan.Zero));
        Assert.Contains(new("PurgeOldLogs", TimeSpan.Zero), await LagsAsync(service));
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Contains(new("PurgeOldLogs", TimeSpan.FromMinutes(1)), await LagsAsync(service));
    }

    [Fact]
    public async Task Storage_is_asked_once_in_five_seconds()
    {
        var clock = new FakeClock();
        using var service = new Service(InMemoryStores.Create(), clock);
        var lags = await service.Readiness.ExecuteAsync(default);
        clock.Advance(TimeSpan.FromSeconds(4.9));
        Assert.Same(lags, await service.Readiness.ExecuteAsync(default));
        clock.Advance(TimeSpan.FromSeconds(0.2));
        Assert.NotSame(lags, await service.Readiness.ExecuteAsync(default));
    }

    [Fact]
    public async Task Storage_that_is_away_is_asked_once_in_five_seconds_too()
    {
        var clock = new FakeClock();
        var (away, asked) = (false, 0);
        var stores = InMemoryStores.Create();
        stores = stores with
        {
            Timeline = Intercepted.Around(stores.Timeline, before: _ =>
            {
                asked++;
                if (away)
                    throw new StorageUnavailableException("gone");
            }),
        };
        using var service = new Service(stores, clock);
        await service.Keys.GetAsync(default);
        away = true;

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => service.Readiness.ExecuteAsync(default)));
        Assert.All(answers, answer => Assert.Equal(new ReadinessResult.NoStorage("gone"), answer));
        Assert.Equal(1, asked);

        away = false;
        clock.Advance(CheckReadiness.GoodFor);
        Assert.IsType<ReadinessResult.Ready>(await service.Readiness.ExecuteAsync(default));
    }

    [Fact]
    public async Task An_answer_stands_for_five_seconds_from_when_it_is_known_however_long_it_took()
    {
        var clock = new FakeClock();
        var stores = InMemoryStores.Create();
        stores = stores with { Timeline = Intercepted.Around(stores.Timeline, before: _ => clock.Advance(TimeSpan.FromSeconds(9))) };
        using var service = new Service(stores, clock);
        var answer = await service.Readiness.ExecuteAsync(default);
        clock.Advance(TimeSpan.FromSeconds(4.9));
        Assert.Same(answer, await service.Readiness.ExecuteAsync(default));
    }

    [Fact]
    public async Task Callers_who_hang_up_leave_one_check_to_those_who_come_after_them()
    {
        var asked = 0;
        var hangs = new TaskCompletionSource<DateTimeOffset?>();
        var stores = InMemoryStores.Create();
        stores = stores with { Timeline = Intercepted.Around(stores.Timeline, before: _ => asked++, instead: _ => hangs.Task) };
        using var service = new Service(stores, new());
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
        var clock = new FakeClock();
        var away = true;
        var stores = InMemoryStores.Create();
        stores = stores with
        {
            Keys = Intercepted.Around(stores.Keys, before: _ =>
            {
                if (away)
                    throw new StorageUnavailableException("no vault");
            }),
        };
        using var service = new Service(stores, clock);
        Assert.Equal(new ReadinessResult.NoKeys("no vault"), await service.Readiness.ExecuteAsync(default));

        away = false;
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(new KeyRingState(TimeSpan.Zero, Stale: false), (await ReadyAsync(service)).Keys);

        away = true;
        clock.Advance(TimeSpan.FromMinutes(10));
        await service.Keys.GetFreshAsync(default); // Tries, and keeps the previous ring.
        Assert.Equal(new KeyRingState(TimeSpan.FromMinutes(10), Stale: true), (await ReadyAsync(service)).Keys);
    }

    private static async Task<ReadinessResult.Ready> ReadyAsync(Service service) =>
        Assert.IsType<ReadinessResult.Ready>(await service.Readiness.ExecuteAsync(default));

    private static async Task<IReadOnlyList<TimerLag>> LagsAsync(Service service) => (await ReadyAsync(service)).Timers;
}
