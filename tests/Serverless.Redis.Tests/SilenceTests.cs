namespace Serverless.Redis.Tests;

[Collection(nameof(RedisFixture))]
public sealed class SilenceTests(RedisFixture redis)
{
    private readonly Stores _stores = InMemoryStores.Create();
    private readonly string _prefix = RedisFixture.NewPrefix();

    [Fact]
    public async Task An_instance_that_falls_silent_is_missed_and_one_that_leaves_is_not()
    {
        await using var one = await StartAsync();
        await (await StartAsync()).DisposeAsync();
        var third = await StartAsync();
        await one.UntilAsync(SharingState.Connected);
        await third.KillAsync();
        await one.UntilAsync(SharingState.Partial);
    }

    [Fact]
    public async Task An_instance_that_a_stranger_made_up_is_not_waited_for_longer_than_one_that_fell_silent()
    {
        await using var one = await StartAsync();
        const string MadeUp = "0123456789abcdef";
        await redis.Database.SortedSetAddAsync(one.Keys.Instances, MadeUp, 9e15);
        await Eventually.TrueAsync(async () => await redis.Database.SortedSetScoreAsync(one.Keys.Instances, MadeUp) is null);
    }

    private Task<Instance> StartAsync() => Instance.StartAsync(_stores, redis.ConnectionString, _prefix);
}
