using System.Diagnostics;

namespace Serverless.Redis.Tests;

[Collection(nameof(RedisFixture))]
public sealed class LimitTests(RedisFixture redis, Pair pair) : IClassFixture<Pair>
{
    [Fact]
    public async Task Instances_together_admit_what_one_may_within_five_percent()
    {
        const int AtOnce = 40;
        var interval = TimeSpan.FromMilliseconds(10);
        Instance[] instances = [pair.One, pair.Other];
        var (admitted, asked) = (0, 0);
        var clock = Stopwatch.StartNew();
        for (; clock.Elapsed < TimeSpan.FromSeconds(1); asked += instances.Length)
        {
            admitted += instances.Count(instance => instance.Limits.Count("logins", "203.0.113.7", AtOnce, interval) is null);
            await Task.Delay(1);
        }

        var expected = AtOnce + (clock.Elapsed / interval);
        Assert.True(asked > 1.2 * expected, $"{asked} asked");
        Assert.InRange(admitted, 0.95 * expected, 1.05 * expected);
    }

    [Fact]
    public async Task Who_is_known_to_be_over_the_limit_is_not_asked_about_and_others_are_admitted()
    {
        await RefusedAsync("limit", "key");
        var before = await Calls.CountAsync(redis.Database);
        for (var tries = 0; tries < 100; tries++)
            Assert.NotNull(Count("limit", "key"));
        Assert.Equal(before, await Calls.CountAsync(redis.Database));
        Assert.Null(Count("limit", "another"));
        Assert.Null(Count("another", "key"));
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
        pair.Other.Limits.Count(value, value, 1, TimeSpan.FromMinutes(1));
        await Task.Delay(50);
        var wait = pair.Other.Limits.Count(value, value, 1, TimeSpan.FromMinutes(1));
        Assert.InRange(wait!.Value, TimeSpan.Zero, TimeSpan.FromMinutes(4));
    }

    private TimeSpan? Count(string limit, string key) => pair.One.Limits.Count(limit, key, 1, TimeSpan.FromMinutes(1));

    private Task RefusedAsync(string limit, string key) => Eventually.TrueAsync(() => Count(limit, key) is not null);
}
