namespace Serverless.Sessions.Tests.Timeline;

public sealed class LiveStatisticsTests : IDisposable
{
    private static readonly DateTimeOffset Midnight = new(2026, 3, 14, 0, 0, 0, TimeSpan.Zero);

    private readonly Stores _stores = InMemoryStores.Create();
    private readonly FakeClock _clock = new();
    private readonly Service _service;

    public LiveStatisticsTests() => _service = new(_stores, _clock);

    public void Dispose() => _service.Dispose();

    [Fact]
    public async Task A_login_counts_within_seconds_before_any_roll_up_and_after_it()
    {
        _clock.Set(Midnight.AddHours(9.4));
        await LogInAsync(2);
        await FailAsync(3);
        Assert.Equal(new(_clock.GetUtcNow(), 2, 2, 3), await _service.LiveStatistics.ExecuteAsync(default));

        _clock.Set(Midnight.AddHours(10.4));
        await _service.RollUp.ExecuteAsync(default);
        await LogInAsync(1);
        await FailAsync(1);
        Assert.Equal(new(_clock.GetUtcNow(), 3, 3, 4), await _service.LiveStatistics.ExecuteAsync(default));
    }

    [Fact]
    public async Task Today_begins_at_midnight_whether_the_day_before_is_counted_or_not_and_sessions_go_on()
    {
        _clock.Set(Midnight.AddHours(-3));
        await LogInAsync(5);
        _clock.Set(Midnight.AddHours(-0.7));
        await _service.RollUp.ExecuteAsync(default);
        await LogInAsync(7);
        _clock.Set(Midnight.AddMinutes(1));
        await LogInAsync(1);
        Assert.Equal(new(_clock.GetUtcNow(), 13, 1, 0), await _service.LiveStatistics.ExecuteAsync(default));
        _clock.Set(Midnight.AddMinutes(20));
        await _service.RollUp.ExecuteAsync(default);
        Assert.Equal(new(_clock.GetUtcNow(), 13, 1, 0), await _service.LiveStatistics.ExecuteAsync(default));
    }

    [Fact]
    public async Task An_end_counts_once_however_many_requests_recorded_it_and_on_whichever_side_of_the_counted_hour()
    {
        _clock.Set(Midnight.AddHours(9));
        await LogInAsync(4);
        var session = SessionId.New();
        foreach (var at in (DateTimeOffset[])[Midnight.AddHours(10).AddSeconds(-1), Midnight.AddHours(10), Midnight.AddHours(10).AddSeconds(1)])
        {
            await _stores.Timeline.RecordAsync(
                new(ActivityKind.SessionEnded, at, "203.0.113.7", SessionId: session) { Id = session.ToGuid() }, default);
        }

        _clock.Set(Midnight.AddHours(10.1));
        Assert.Equal(3, (await _service.LiveStatistics.ExecuteAsync(default))!.SessionsActive);
        _clock.Set(Midnight.AddHours(10.3));
        await _service.RollUp.ExecuteAsync(default);
        Assert.Equal(3, (await _service.LiveStatistics.ExecuteAsync(default))!.SessionsActive);
    }

    [Fact]
    public async Task There_are_none_where_the_roll_up_is_a_day_behind_and_those_of_its_last_hour_where_too_much_is_not_counted()
    {
        _clock.Set(Midnight);
        await LogInAsync(1);
        _clock.Set(Midnight.AddDays(1));
        Assert.NotNull(await _service.LiveStatistics.ExecuteAsync(default));
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Null(await _service.LiveStatistics.ExecuteAsync(default));

        await _service.RollUp.ExecuteAsync(default);
        await LogInAsync(2_000);
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(2_000, (await _service.LiveStatistics.ExecuteAsync(default))!.LoginsToday);
        await LogInAsync(1);
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(new(Midnight.AddHours(23), 1, 1, 0), await _service.LiveStatistics.ExecuteAsync(default));

        _clock.Set(Midnight.AddDays(1).AddHours(1.3));
        await _service.RollUp.ExecuteAsync(default);
        await FailAsync(2_001);
        Assert.Equal(new(Midnight.AddDays(1).AddHours(1), 2_002, 2_001, 0), await _service.LiveStatistics.ExecuteAsync(default));
    }

    [Fact]
    public async Task All_callers_share_what_is_five_seconds_old()
    {
        var first = await _service.LiveStatistics.ExecuteAsync(default);
        _clock.Advance(TimeSpan.FromSeconds(4.9));
        Assert.Same(first, await _service.LiveStatistics.ExecuteAsync(default));
        _clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.NotSame(first, await _service.LiveStatistics.ExecuteAsync(default));
    }

    [Fact]
    public async Task Too_much_to_count_is_looked_at_once_a_minute()
    {
        await LogInAsync(2_000);
        var reads = 0;
        var timeline = Intercepted.Around(_stores.Timeline, before: Intercepted.At(nameof(ITimeline.FindActivityAsync), () => reads++));
        using var service = new Service(_stores with { Timeline = timeline }, _clock);
        for (var read = _clock.GetUtcNow(); _clock.GetUtcNow() < read.AddSeconds(15); _clock.Advance(ReadLiveStatistics.CacheLifetime))
            Assert.Equal(_clock.GetUtcNow(), (await service.LiveStatistics.ExecuteAsync(default))!.At);
        Assert.Equal(3, reads);

        await LogInAsync(1);
        var last = _clock.GetUtcNow();
        for (; _clock.GetUtcNow() < last.AddSeconds(110); _clock.Advance(ReadLiveStatistics.CacheLifetime))
            await service.LiveStatistics.ExecuteAsync(default);
        Assert.Equal(3 + 2, reads);
    }

    private Task LogInAsync(int count) => RecordAsync(ActivityKind.Login, count);
    private Task FailAsync(int count) => RecordAsync(ActivityKind.FailedLogin, count);

    private async Task RecordAsync(ActivityKind kind, int count)
    {
        for (var i = 0; i < count; i++)
            await _stores.Timeline.RecordAsync(new(kind, _clock.GetUtcNow(), "203.0.113.7"), default);
    }
}
