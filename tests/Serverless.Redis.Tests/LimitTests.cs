using System.Diagnostics;

namespace Serverless.Redis.Tests;

[Collection(nameof(RedisFixture))]
public sealed class LimitTests(RedisFixture redis, Pair pair) : IClassFixture<Pair>
{
    [Fact]
    public async Task Instances_together_admit_what_one_may_within_five_percent()
    {
        const int AtOnce = 100;
        var interval = TimeSpan.FromMinutes(1);
        Instance[] instances = [pair.One, pair.Other];
        var (admitted, clock) = (0, Stopwatch.StartNew());
        for (var rounds = 0; rounds < AtOnce; rounds++)
        {
            admitted += instances.Count(instance => instance.Limits.Count("logins", "203.0.113.7", AtOnce, interval) is null);
            // What is under way comes on top.
            await pair.SettledAsync();
        }

        Assert.InRange(admitted, 0.95 * AtOnce, 1.05 * AtOnce);
        // The next one may come an interval after the first, and one later for each that came on top.
        Assert.All(instances, instance => Assert.InRange(
            instance.Limits.Count("logins", "203.0.113.7", AtOnce, interval)!.Value + clock.Elapsed, 0.95 * interval, (1.05 + admitted - AtOnce) * interval));
    }

    [Fact]
    public async Task Who_was_over_the_limit_is_admitted_after_an_interval()
    {
        var interval = TimeSpan.FromSeconds(0.2);
        await Eventually.TrueAsync(() => pair.One.Limits.Count("limit", "for a while", 1, interval) is not null);
        await Eventually.TrueAsync(() => pair.One.Limits.Count("limit", "for a while", 1, interval) is null);
    }

    [Fact]
    public async Task Who_is_known_to_be_over_the_limit_is_not_asked_about_and_others_are_admitted()
    {
        await RefusedAsync("limit", "key");
        await pair.SettledAsync();
        var before = await Calls.CountAsync(redis.Database);
        for (var tries = 0; tries < 100; tries++)
            Assert.NotNull(Count(pair.One, "limit", "key"));
        Assert.Equal(before, await Calls.CountAsync(redis.Database));
        Assert.Null(Count(pair.One, "limit", "another"));
        Assert.Null(Count(pair.One, "another", "key"));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("1e300")]
    [InlineData("nan")]
    [InlineData("inf")]
    public async Task What_a_stranger_wrote_refuses_nobody_for_long(string value)
    {
        await RefusedAsync(value, value);
        var server = redis.Database.Multiplexer.GetServers()[0];
        foreach (var key in server.Keys(pattern: $"{pair.One.Keys.Limit("")}*"))
            await redis.Database.StringSetAsync(key, value);
        TimeSpan? wait = null;
        await Eventually.TrueAsync(() => (wait = Count(pair.Other, value, value)) is not null);
        Assert.InRange(wait!.Value, TimeSpan.Zero, TimeSpan.FromMinutes(4));
    }

    private static TimeSpan? Count(Instance instance, string limit, string key) => instance.Limits.Count(limit, key, 1, TimeSpan.FromMinutes(1));

    private Task RefusedAsync(string limit, string key) => Eventually.TrueAsync(() => Count(pair.One, limit, key) is not null);
}
