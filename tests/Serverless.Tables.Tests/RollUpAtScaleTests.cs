namespace Serverless.Tables.Tests;

[Collection(nameof(TableFixture))]
public sealed class RollUpAtScaleTests(TableFixture fixture)
{
    private const int Activities = 500;

    [Fact]
    public Task A_roll_up_costs_what_happened_and_not_what_is_stored() => CheckAsync(live: 1_000);

    [Fact]
    [Trait("Run", "nightly")]
    public Task A_roll_up_costs_as_much_beside_50000_sessions() => CheckAsync(live: 50_000);

    private async Task CheckAsync(int live)
    {
        var (counter, clock, prefix) = (new CountingPolicy(), new FakeClock(), TableFixture.NewPrefix());
        using var service = new Service(fixture.CreateStores(counter, prefix), clock);
        var hour = new DateTimeOffset(2026, 3, 14, 9, 0, 0, TimeSpan.Zero);
        clock.Set(hour.AddMinutes(5));
        await LiveSessions.AddAsync(fixture, service, prefix, live);
        await service.RollUp.ExecuteAsync(default);
        var failure = new Activity(ActivityKind.FailedLogin, hour, "203.0.113.7");
        await Parallel.ForAsync(0, Activities, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, token) =>
            await service.Stores.Timeline.RecordAsync(failure with { Id = Guid.NewGuid(), At = hour.AddSeconds(i) }, token));
        clock.Set(hour.AddMinutes(75));

        // The cursor, the rows of two days and the day's hours of each shard; then the day's row and the cursor.
        Assert.Equal(TransactionBudgets.RollUp, await counter.CountAsync(async () =>
        {
            var report = await service.RollUp.ExecuteAsync(default);
            Assert.Equal((2, true), (report.Hours, report.Finished));
        }));
        var day = Assert.Single(await service.Stores.Statistics.ReadAsync(DayStatistics.Of(hour), DayStatistics.Of(hour), default).ToListAsync());
        Assert.Equal(Activities, day.FailedLogins);

        Assert.Equal(TransactionBudgets.IdleRollUp, await counter.CountAsync(() => service.RollUp.ExecuteAsync(default)));
        Assert.Equal(new(1, 0), await counter.CountAsync(async () => await service.Stores.Statistics
            .ReadAsync(DayStatistics.Of(hour).AddDays(-399), DayStatistics.Of(hour), default).ToListAsync()));
    }
}
