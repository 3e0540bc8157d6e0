namespace Serverless.Sessions.Tests.Timeline;

public sealed class RollUpTests
{
    private static readonly DateTimeOffset Start = GeneratedMonth.Start;

    private readonly Stores _stores = InMemoryStores.Create();
    private readonly FakeClock _clock = new();

    [Fact]
    public Task A_month_of_20_000_events_equals_a_brute_force_count_however_often_the_timer_was_killed() => RunMonthAsync(20_000);

    [Fact]
    [Trait("Run", "nightly")]
    public Task A_month_of_100_000_events_equals_a_brute_force_count_however_often_the_timer_was_killed() => RunMonthAsync(100_000);

    private async Task RunMonthAsync(int events)
    {
        var seed = Random.Shared.Next();
        var (random, month) = (new Random(seed), new GeneratedMonth(events, seed));
        var (stored, kills, sleeps) = (0, 0, 0);
        for (var time = Start; time < GeneratedMonth.End.AddHours(2); time += TimeSpan.FromMinutes(15))
        {
            _clock.Set(time);
            for (; stored < month.Records.Count && month.Records[stored].StoredAt <= time; stored++)
                await _stores.Timeline.RecordAsync(month.Records[stored].Activity, default);

            // Sometimes it isn't run for hours, and every second run is to die.
            sleeps = sleeps > 0 ? sleeps - 1 : random.Next(60) == 0 ? random.Next(200) : 0;
            if (sleeps == 0)
                kills += await RunAsync(dieAt: random.Next(2) == 0 ? random.Next(12) : null) is null ? 1 : 0;
        }

        Assert.Equal(events, stored);
        Assert.True((await RunAsync())!.Finished);
        Assert.True(kills > 100, $"It was killed {kills} times only.");

        var days = await ReadAsync(DayStatistics.Of(Start), DayStatistics.Of(GeneratedMonth.End).AddDays(-1));
        var bruteForce = new BruteForce(month.Records.Select(record => record.Activity));
        Assert.Equal(31, days.Count);
        Assert.All(days, bruteForce.AssertEqual);
        Assert.All(days, day => Assert.False(day.TopUsers.IsComplete));
    }

    [Fact]
    public async Task A_kill_at_any_step_changes_nothing_of_the_outcome()
    {
        var month = new GeneratedMonth(2_000, seed: 1);
        string? expected = null;
        var steps = await Killer.AtEachStepAsync(async dieAt =>
        {
            var stores = InMemoryStores.Create();
            foreach (var (_, activity) in month.Records)
                await stores.Timeline.RecordAsync(activity, default);
            // The timer has been there before; now it goes on in the middle of a day, through a whole one, into the next.
            _clock.Set(Start.AddDays(3).AddHours(11.3));
            Assert.NotNull(await RunAsync(stores: stores));
            _clock.Set(Start.AddDays(5).AddHours(7.3));

            var died = await RunAsync(dieAt, stores) is null;
            Assert.NotNull(await RunAsync(stores: stores));
            Assert.Equal(0, (await RunAsync(stores: stores))!.Hours);

            var outcome = await OutcomeAsync(stores);
            Assert.Equal(expected ??= outcome, outcome);
            return died;
        });
        // A read of the cursor, and of each of the three days: statistics, activity, save, cursor; before and after each.
        Assert.Equal(2 * (1 + 3 * 4), steps);
    }

    [Fact]
    public async Task A_run_that_is_overtaken_while_it_reads_changes_nothing()
    {
        await RecordAsync(Start.AddHours(1), Start.AddHours(2), Start.AddHours(23.9));
        _clock.Set(Start.AddHours(3));
        await RunAsync(before: Intercepted.Once(nameof(IStatisticsStore.TrySaveAsync), () =>
        {
            _clock.Set(Start.AddHours(25));
            return RunAsync();
        }));

        var day = Assert.Single(await ReadAsync(DayStatistics.Of(Start), DayStatistics.Of(Start)));
        Assert.Equal((3, Start.AddDays(1)), (day.Logins, day.UpTo));
    }

    [Fact]
    public async Task An_hour_is_counted_when_it_has_been_over_for_15_minutes()
    {
        await RecordAsync(Start.AddMinutes(10), Start.AddMinutes(59.999), Start.AddMinutes(60));
        _clock.Set(Start.AddMinutes(74.999));
        Assert.Equal(new RollUpReport(0, 0), await RunAsync());
        _clock.Set(Start.AddMinutes(75));
        Assert.Equal(new RollUpReport(1, 2), await RunAsync());
        Assert.Equal(new RollUpReport(0, 0), await RunAsync());
    }

    [Fact]
    public async Task What_is_recorded_later_is_counted_as_long_as_its_day_is_not_over()
    {
        await RecordAsync(Start.AddHours(1));
        _clock.Set(Start.AddHours(10));
        await RunAsync();
        await RecordAsync(Start.AddHours(1.5));
        _clock.Set(Start.AddHours(25));
        await RunAsync();
        Assert.Equal(2, await LoginsOfAsync(Start));

        await RecordAsync(Start.AddHours(2));
        _clock.Set(Start.AddHours(50));
        await RunAsync();
        Assert.Equal(2, await LoginsOfAsync(Start));
    }

    [Fact]
    public async Task A_finished_day_stays_when_the_cursor_is_lost_and_its_activity_gone()
    {
        await RecordAsync(Start.AddHours(1), Start.AddDays(1).AddHours(1));
        _clock.Set(Start.AddDays(3));
        await RunAsync();
        var other = InMemoryStores.Create();
        await other.Timeline.RecordAsync(LoginAt(Start.AddHours(23)), default);
        await RunAsync(stores: other with { Statistics = _stores.Statistics });
        Assert.Equal((1, 1), (await LoginsOfAsync(Start), await LoginsOfAsync(Start.AddDays(1))));
    }

    [Fact]
    public async Task A_day_without_activity_carries_the_active_sessions_on()
    {
        await RecordAsync(Start.AddHours(1));
        _clock.Set(Start.AddDays(4).AddMinutes(15));
        await RunAsync();
        var days = await ReadAsync(DayStatistics.Of(Start), DayStatistics.Of(Start).AddDays(9));
        Assert.Equal(4, days.Count);
        Assert.All(days, day => Assert.Equal(1, day.ActiveBySystem["Windows"]));
        Assert.Equal(0, days[3].Logins);
    }

    [Fact]
    public async Task A_run_out_of_time_leaves_the_rest_to_the_next_one()
    {
        await RecordAsync(Start.AddHours(1));
        _clock.Set(Start.AddDays(4).AddMinutes(15));
        var report = await RunAsync(before: Intercepted.At(nameof(IStatisticsStore.TrySaveAsync), () => _clock.Advance(TimeSpan.FromSeconds(121))));
        Assert.Equal(new RollUpReport(47, 1) { Finished = false }, report);
        Assert.Equal(new RollUpReport(48, 0), await RunAsync());
    }

    [Fact]
    public async Task Logins_and_endings_tell_what_the_statistics_need()
    {
        const string edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0";
        using var service = new Service(_stores, _clock);
        var account = await service.CreateAccountAsync();
        var client = new ClientInfo("203.0.113.9", edge);
        var ended = await service.LoginAsync(account.Email, client: client);
        await service.LoginAsync(account.Email, client: client);
        await service.TryLoginAsync(account.Email, "wrong password", client: client);
        await service.TryLoginAsync(Service.NewEmail(), "wrong password", client: client);
        var next = ended.Tokens.RefreshText;
        for (var i = 0; i < 3; i++)
            next = (await service.RefreshAsync(next)).RefreshText;
        _clock.Advance(TimeSpan.FromMinutes(10));
        await service.LogoutAsync(ended.Session);
        _clock.Advance(TimeSpan.FromHours(2));

        await service.RollUp.ExecuteAsync(default);

        var day = Assert.Single(await ReadAsync(DateOnly.MinValue, DateOnly.MaxValue));
        Assert.Equal((2, 2, 1, 3), (day.Logins, day.FailedLogins, day.Users, day.Refreshes));
        Assert.Equal([KeyValuePair.Create("logout", 1L)], day.EndedByReason);
        Assert.Equal(TimeSpan.FromMinutes(10), day.Durations.Average);
        Assert.Equal([KeyValuePair.Create("Windows", 1L)], day.ActiveBySystem);
        Assert.Equal([KeyValuePair.Create("Edge", 1L)], day.ActiveByBrowser);
        Assert.Equal((account.Id.ToString(), 2), (day.TopUsers.Entries[0].Key, day.TopUsers.Entries[0].Count));
        Assert.Contains(day.TopFailedAccounts.Entries, entry => entry.Key == account.Id.ToString());
        Assert.Equal(("203.0.113.9", 2), (day.TopFailedAddresses.Entries[0].Key, day.TopFailedAddresses.Entries[0].Count));
    }

    private static Activity LoginAt(DateTimeOffset at) => new(
        ActivityKind.Login, at, "203.0.113.9", UserId: UserId.New(at), SessionId: SessionId.New(), System: "Windows");

    private async Task RecordAsync(params DateTimeOffset[] logins)
    {
        foreach (var at in logins)
            await _stores.Timeline.RecordAsync(LoginAt(at), default);
    }

    private async Task<RollUpReport?> RunAsync(int? dieAt = null, Stores? stores = null, Action<string>? before = null)
    {
        stores ??= _stores;
        var killer = new Killer(dieAt, before);
        var rollUp = new RollUpStatistics(
            killer.Around(stores.Timeline), killer.Around(stores.Statistics), stores.Unreadable, _clock);
        return await Killer.RunAsync(() => rollUp.ExecuteAsync(default));
    }

    private async Task<List<DayStatistics>> ReadAsync(DateOnly from, DateOnly to, Stores? stores = null) =>
        await (stores ?? _stores).Statistics.ReadAsync(from, to, default)
            .Select(stored => stored with { Version = null }).ToListAsync();

    private async Task<long> LoginsOfAsync(DateTimeOffset day) =>
        Assert.Single(await ReadAsync(DayStatistics.Of(day), DayStatistics.Of(day))).Logins;

    private async Task<string> OutcomeAsync(Stores stores) =>
        JsonSerializer.Serialize(await ReadAsync(DateOnly.MinValue, DateOnly.MaxValue, stores))
        + await stores.Timeline.ReadCursorAsync(RollUpStatistics.Timer, default);
}
