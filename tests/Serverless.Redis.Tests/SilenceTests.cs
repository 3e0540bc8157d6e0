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

    private Task<Instance> StartAsync() => Instance.StartAsync(_stores, redis.ConnectionString, _prefix);
}
