namespace Serverless.Sessions.Tests.Timeline;

public sealed class ReadActivityTests : IDisposable
{
    private const int Limit = 10;

    private readonly Stores _stores = InMemoryStores.Create();
    private readonly FakeClock _clock = new();
    private readonly Service _service;
    private readonly DateTimeOffset _now;
    private int _reads;

    public ReadActivityTests()
    {
        var timeline = Intercepted.Around(
            _stores.Timeline, before: Intercepted.At(nameof(ITimeline.FindActivityAsync), () => _reads++));
        (_service, _now) = (new(_stores with { Timeline = timeline }, _clock), _clock.GetUtcNow());
    }

    public void Dispose() => _service.Dispose();

    [Fact]
    public async Task All_that_happened_is_told_once_and_newest_first_however_it_is_spread()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        List<Activity> all = [];
        // Seldom, often, and a lot in one moment.
        for (var i = 0; i < 60; i++)
            await AddAsync(_now - (TimeSpan.FromDays(89) * random.NextDouble()));
        for (var i = 0; i < 1_000; i++)
            await AddAsync(_now.AddHours(-9) - (TimeSpan.FromMinutes(1) * random.NextDouble()));
        for (var i = 0; i < 300; i++)
            await AddAsync(_now.AddDays(-20));

        var pages = await ReadAllAsync(limit: 50);

        var told = pages.SelectMany(page => page.Activities).ToList();
        Assert.True(all.ToHashSet().SetEquals(told) && told.Count == all.Count, $"Seed {seed}: {told.Count} of {all.Count}");
        Assert.Equal(told.Select(each => each.At).OrderDescending(), told.Select(each => each.At));
        Assert.All(pages, page => Assert.All(page.Activities, each => Assert.True(each.At >= page.ReadTo)));
        Assert.Equal((_now.AddDays(-90)).StartOfHour(), pages[^1].ReadTo);
        Assert.InRange(_reads, 1, 8 * pages.Count);

        async Task AddAsync(DateTimeOffset at)
        {
            all.Add(new(ActivityKind.FailedLogin, at, "203.0.113.7"));
            await _stores.Timeline.RecordAsync(all[^1], default);
        }
    }

    [Fact]
    public async Task The_earliest_of_the_ends_of_a_session_counts()
    {
        var session = SessionId.New();
        var end = new Activity(ActivityKind.SessionEnded, _now.AddMinutes(-9), "203.0.113.7", SessionId: session)
        { Id = session.ToGuid(), EndReason = EndReason.TokenReuse };
        foreach (var each in (Activity[])[end with { At = _now.AddMinutes(-1), EndReason = EndReason.Logout }, end])
            await _stores.Timeline.RecordAsync(each, default);
        Assert.Equal([end], (await ReadAsync()).Activities);
    }

    [Fact]
    public async Task A_page_that_is_read_again_is_the_same_until_something_happens()
    {
        await LogInAsync(_now.AddMinutes(-30));
        _clock.Set(_now.StartOfHour().AddHours(1));
        var before = await ReadAsync();
        _clock.Advance(TimeSpan.FromMinutes(59));
        var after = await ReadAsync();
        Assert.Equal(
            (before.Activities[0], before.ReadTo, before.Next, 1), (after.Activities[0], after.ReadTo, after.Next, after.Activities.Count));
    }

    [Fact]
    public async Task A_full_page_that_is_read_again_is_the_same_until_something_happens()
    {
        for (var i = 0; i < 2 * Limit; i++)
            await LogInAsync(_now.AddMinutes(-i));
        _clock.Set(_now.StartOfHour().AddHours(1));
        var before = await ReadAsync();
        _clock.Advance(TimeSpan.FromMinutes(59));
        var after = await ReadAsync();
        Assert.Equal(before.Activities, after.Activities);
        var last = after.Activities[Limit - 1];
        Assert.Equal((new LogPosition(last.At, last.Id), last.At), (before.Next!.Value, before.ReadTo));
        Assert.Equal((before.Next, before.ReadTo), (after.Next, after.ReadTo));
    }

    // The first window is 5 minutes long.
    [Theory]
    [InlineData(4, 6, 0, 1)]
    [InlineData(1, 9, Limit, 2)]
    public async Task Of_the_ends_of_a_session_a_page_tells_the_earliest_and_the_next_page_may_tell_an_earlier_one(
        int late, int early, int between, int told)
    {
        var session = SessionId.New();
        var end = new Activity(ActivityKind.SessionEnded, _now.AddMinutes(-early), "203.0.113.7", SessionId: session) { Id = session.ToGuid() };
        foreach (var each in (Activity[])[end with { At = _now.AddMinutes(-late) }, end])
            await _stores.Timeline.RecordAsync(each, default);
        for (var i = 0; i < between; i++)
            await LogInAsync(_now.AddMinutes(-late).AddSeconds(-1 - i));
        var ends = (await ReadAllAsync(Limit)).SelectMany(page => page.Activities).Where(each => each.Id == end.Id).ToList();
        Assert.Equal((told, end), (ends.Count, ends[^1]));
    }

    [Fact]
    public async Task A_page_looks_back_a_week_and_says_so()
    {
        await LogInAsync(_now.AddDays(-8));
        var page = await ReadAsync();
        Assert.Equal((0, _now.StartOfHour() - ReadActivity.LongestPage), (page.Activities.Count, page.ReadTo));
        Assert.Single((await ReadAsync(after: page.Next)).Activities);
        Assert.Equal(4 + 4, _reads);
    }

    [Fact]
    public async Task A_busy_minute_costs_a_page_two_reads()
    {
        for (var i = 0; i < 200; i++)
            await LogInAsync(_now.AddSeconds(-i));
        Assert.Equal(Limit, (await ReadAsync()).Activities.Count);
        Assert.Equal(2, _reads);
    }

    [Fact]
    public async Task A_first_page_that_is_polled_looks_at_once_where_the_last_one_ended()
    {
        await LogInAsync(_now.AddDays(-1));
        foreach (var reads in (int[])[4, 1, 1])
        {
            _clock.Advance(TimeSpan.FromSeconds(5));
            _reads = 0;
            Assert.Single((await ReadAsync()).Activities);
            Assert.Equal(reads, _reads);
        }

        for (var i = 0; i < 200; i++)
            await LogInAsync(_clock.GetUtcNow());
        Assert.Equal(Limit, (await ReadAsync()).Activities.Count);
    }

    [Fact]
    public async Task Both_times_are_included_and_what_lies_outside_of_them_is_not_read()
    {
        for (var hour = 1; hour <= 5; hour++)
            await LogInAsync(_now.AddHours(-hour));
        var page = await ReadAsync(from: _now.AddHours(-4), to: _now.AddHours(-2));
        Assert.Equal([_now.AddHours(-2), _now.AddHours(-3), _now.AddHours(-4)], page.Activities.Select(each => each.At));
        Assert.Equal((null, _now.AddHours(-4)), (page.Next, page.ReadTo));
    }

    [Fact]
    public async Task Times_without_any_activity_are_an_empty_page()
    {
        await LogInAsync(_now);
        Assert.Empty((await ReadAsync(from: DateTimeOffset.MaxValue)).Activities);
        Assert.Empty((await ReadAsync(to: DateTimeOffset.MinValue)).Activities);
        Assert.Empty((await ReadAsync(after: default(LogPosition))).Activities);
        Assert.Equal(0, _reads);
        Assert.Single((await ReadAsync(from: DateTimeOffset.MinValue, to: DateTimeOffset.MaxValue)).Activities);
    }

    private Task LogInAsync(DateTimeOffset at) =>
        _stores.Timeline.RecordAsync(new(ActivityKind.Login, at, "203.0.113.7", UserId: UserId.New(at)), default);

    private async Task<List<ActivityPage>> ReadAllAsync(int limit)
    {
        List<ActivityPage> pages = [await ReadAsync(limit: limit)];
        while (pages[^1].Next is { } next)
            pages.Add(await ReadAsync(after: next, limit: limit));
        return pages;
    }

    private Task<ActivityPage> ReadAsync(
        DateTimeOffset? from = null, DateTimeOffset? to = null, LogPosition? after = null, int limit = Limit) =>
        _service.ReadActivity.ExecuteAsync(ActivityFilter.All, from, to, after, limit, default);
}
