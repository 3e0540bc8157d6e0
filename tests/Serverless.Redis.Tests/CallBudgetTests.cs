namespace Serverless.Redis.Tests;

/// <summary>What each operation asks of Redis; docs/redis.md states it.</summary>
[Collection(nameof(RedisFixture))]
public sealed class CallBudgetTests(RedisFixture redis, Pair pair) : IClassFixture<Pair>
{
    [Fact]
    public async Task Each_operation_makes_the_calls_that_the_document_states()
    {
        var service = pair.One.Service;
        var email = (await service.CreateAccountAsync()).Email;
        StartSessionResult.Started login = null!;
        Assert.Equal("0", await CostAsync(async () => login = await service.LoginAsync(email)));
        var session = login.Session;
        Assert.Equal("2", await CostAsync(() => service.CheckAsync(session)));
        Assert.Equal("0", await CostAsync(() => service.CheckAsync(session)));
        Assert.Equal("1", await CostAsync(() => pair.Other.Service.CheckAsync(session)));
        Assert.Equal("3", await CostAsync(() => service.BeatAsync(session)));
        Assert.Equal("2", await CostAsync(() => service.BeatAsync(session, isActive: false)));
        Assert.Equal("1", await CostAsync(() => service.LiveStatistics.ExecuteAsync(default).AsTask()));
        Assert.Equal("1", await CostAsync(() => service.ReadPresence.ExecuteAsync([session.UserId], default)));
        var page = Enumerable.Range(0, 3).Select(_ => UserId.New(DateTimeOffset.UtcNow)).ToList();
        Assert.Equal("3", await CostAsync(() => service.ReadPresence.ExecuteAsync(page, default)));
        Assert.Equal("1", await CostAsync(() => service.RefreshAsync(login.Tokens.RefreshText)));
        Assert.Equal("3", await CostAsync(() => service.LogoutAsync(session)));
        Assert.Equal("1", await CostAsync(() => Task.FromResult(pair.One.Limits.Count("of this test", "key", 10, TimeSpan.FromMinutes(1)))));

        var document = await File.ReadAllTextAsync(Path.Combine(RepositoryRoot.Path, "docs", "redis.md"));
        Assert.All(
            ["| login | 0 |", "| status, from the instance / from Redis / from storage | 0 / 1 / 2 |", "| heartbeat / once a minute | 2 / 3 |",
                "| presence, for each user of the page, in one round trip | 1 |", "| refresh, and any other change of a session | 1 |",
                "| end of a session | 3 |", "| live figures, not cached | 1 |", "| each limit of an address or account | 1 |"],
            row => Assert.Contains(row, document, StringComparison.Ordinal));
    }

    private async Task<string> CostAsync(Func<Task> operation)
    {
        var before = await Calls.CountAsync(redis.Database);
        await operation();
        // What nobody waits for arrives within milliseconds.
        await Task.Delay(100);
        var after = await Calls.CountAsync(redis.Database);
        return $"{after.Scripts - before.Scripts + after.Reads - before.Reads}";
    }
}
