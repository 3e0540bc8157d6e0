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
        await CostsAsync(0, async () => login = await service.LoginAsync(email));
        var session = login.Session;
        await CostsAsync(2, () => service.CheckAsync(session));
        await CostsAsync(0, () => service.CheckAsync(session));
        await CostsAsync(1, () => pair.Other.Service.CheckAsync(session));
        await CostsAsync(3, () => service.BeatAsync(session));
        await CostsAsync(2, () => service.BeatAsync(session, isActive: false));
        await CostsAsync(1, () => service.LiveStatistics.ExecuteAsync(default).AsTask());
        await CostsAsync(1, () => service.ReadPresence.ExecuteAsync([session.UserId], default));
        var page = Enumerable.Range(0, 3).Select(_ => UserId.New(DateTimeOffset.UtcNow)).ToList();
        await CostsAsync(3, () => service.ReadPresence.ExecuteAsync(page, default));
        await CostsAsync(1, () => service.RefreshAsync(login.Tokens.RefreshText));
        await CostsAsync(3, () => service.LogoutAsync(session));
        await CostsAsync(1, () => Task.FromResult(pair.One.Limits.Count("of this test", "key", 10, TimeSpan.FromMinutes(1))));

        var document = await File.ReadAllTextAsync(Path.Combine(RepositoryRoot.Path, "docs", "redis.md"));
        Assert.All(
            ["| login | 0 |", "| status, from the instance / from Redis / from storage | 0 / 1 / 2 |", "| heartbeat / once a minute | 2 / 3 |",
                "| presence, for each user of the page, in one round trip | 1 |", "| refresh, and any other change of a session | 1 |",
                "| end of a session | 3 |", "| live figures, not cached | 1 |", "| each limit of an address or account | 1 |"],
            row => Assert.Contains(row, document, StringComparison.Ordinal));
    }

    private async Task CostsAsync(int calls, Func<Task> operation)
    {
        var before = await CountAsync();
        await operation();
        // What nobody waits for arrives later.
        await Eventually.TrueAsync(async () => await CountAsync() >= before + calls);
        await pair.SettledAsync();
        Assert.Equal(before + calls, await CountAsync());
    }

    private async Task<long> CountAsync()
    {
        var (scripts, reads) = await Calls.CountAsync(redis.Database);
        return scripts + reads;
    }
}
