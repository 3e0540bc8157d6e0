namespace Serverless.Testing;

public abstract partial class StoreContract
{
    [Fact]
    public async Task The_statistics_of_a_day_read_back_with_all_that_they_say()
    {
        var day = AnyDay();
        Assert.Empty(await StatisticsAsync(day.Day, day.Day));
        Assert.True(await Stores.Statistics.TrySaveAsync(day, null, default));
        Assert.Equivalent(day, Assert.Single(await StatisticsAsync(day.Day, day.Day)) with { Version = null }, strict: true);
        Assert.NotEmpty(await StatisticsAsync(DateOnly.MinValue, DateOnly.MaxValue));
        var nothing = new DayStatistics(day.Day.AddDays(1), day.UpTo.AddDays(1));
        Assert.True(await Stores.Statistics.TrySaveAsync(nothing, null, default));
        var read = Assert.Single(await StatisticsAsync(nothing.Day, nothing.Day));
        Assert.Equivalent(nothing, read with { Version = null }, strict: true);
    }

    [Fact]
    public async Task The_longest_lists_fit_into_a_day()
    {
        var longest = TopList.Of([.. Enumerable.Range(0, 101).Select(i => new Counted($"{UserId.New(Now)}{i:d9}", long.MaxValue, Now))]);
        var day = AnyDay() with
        {
            TopUsers = longest,
            TopFailedAccounts = longest,
            TopFailedAddresses = longest,
            Durations = new(0, 0, [.. Enumerable.Range(0, 200).Select(i => new DurationBucket(i, long.MaxValue))]),
        };
        Assert.True(await Stores.Statistics.TrySaveAsync(day, null, default));
        Assert.Equivalent(day, Assert.Single(await StatisticsAsync(day.Day, day.Day)) with { Version = null }, strict: true);
    }

    [Fact]
    public async Task The_statistics_of_a_day_are_replaced_only_in_the_state_that_was_read()
    {
        var day = AnyDay();
        Assert.False(await Stores.Statistics.TrySaveAsync(day, new("W/\"datetime'2026-01-01T00%3A00%3A00.0000000Z'\""), default));
        Assert.True(await Stores.Statistics.TrySaveAsync(day, null, default));
        Assert.False(await Stores.Statistics.TrySaveAsync(day, null, default));
        var first = Assert.Single(await StatisticsAsync(day.Day, day.Day));

        Assert.True(await Stores.Statistics.TrySaveAsync(day with { Logins = 8, ActiveBySystem = new Dictionary<string, long>() }, first.Version, default));
        Assert.False(await Stores.Statistics.TrySaveAsync(day, first.Version, default));

        var now = Assert.Single(await StatisticsAsync(day.Day, day.Day));
        Assert.Equal(8, now.Logins);
        Assert.Empty(now.ActiveBySystem);
    }

    [Fact]
    public async Task Days_read_back_oldest_first_within_their_range()
    {
        var last = AnyDay();
        foreach (var age in (int[])[0, 40, 3, 1])
            await Stores.Statistics.TrySaveAsync(last with { Day = last.Day.AddDays(-age) }, null, default);
        Assert.Equal([3, 1, 0], await AgesAsync(39));
        Assert.Equal([40, 3, 1, 0], await AgesAsync(40));

        async Task<IEnumerable<int>> AgesAsync(int oldest) => (await StatisticsAsync(last.Day.AddDays(-oldest), last.Day))
            .Select(each => last.Day.DayNumber - each.Day.DayNumber);
    }

    // Far from those of other tests.
    private static DayStatistics AnyDay()
    {
        var day = new DateOnly(2100, 1, 1).AddDays(Random.Shared.Next(20_000) * 100);
        return new(day, DayStatistics.StartOf(day).AddHours(13))
        {
            Logins = 7, FailedLogins = 4, Users = 3, Refreshes = 5_000_000_000,
            EndedByReason = new Dictionary<string, long> { ["logout"] = 2, ["token_reuse"] = 1 },
            Durations = Durations.Of([TimeSpan.Zero, TimeSpan.FromSeconds(3.25), TimeSpan.FromDays(90)]),
            ActiveBySystem = new Dictionary<string, long> { ["Windows"] = 3, ["other"] = -1 },
            ActiveByBrowser = new Dictionary<string, long> { ["Samsung Internet"] = 2 },
            TopUsers = TopList.Of([new(UserId.New(Now).ToString(), 7, Now)]),
            TopFailedAccounts = new([new("0123456789abcdef0123456789abcdef", 4, Now.AddTicks(1))], IsComplete: false),
            TopFailedAddresses = TopList.Of([new("2001:0db8:0000:0001", 4, Now)]),
        };
    }

    private async Task<List<DayStatistics>> StatisticsAsync(DateOnly from, DateOnly to) =>
        await Stores.Statistics.ReadAsync(from, to, default).ToListAsync();
}
