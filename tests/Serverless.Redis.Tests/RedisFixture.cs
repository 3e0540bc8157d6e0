namespace Serverless.Redis.Tests;

/// <summary>One Redis for all tests that don't harm it; each has keys of its own.</summary>
public sealed class RedisFixture : IAsyncLifetime
{
    private RedisServer? _server;
    private ConnectionMultiplexer? _redis;

    public string ConnectionString => _server!.ConnectionString;

    /// <summary>To look and to meddle.</summary>
    public IDatabase Database => _redis!.GetDatabase();

    public ISubscriber Subscriber => _redis!.GetSubscriber();

    public static string NewPrefix() => $"t{Guid.NewGuid():N}:";

    public async Task InitializeAsync()
    {
        _server = await RedisServer.StartAsync();
        _redis = await ConnectionMultiplexer.ConnectAsync(ConnectionString + ",allowAdmin=true");
    }

    public async Task DisposeAsync()
    {
        await _redis!.DisposeAsync();
        await _server!.DisposeAsync();
    }
}

[CollectionDefinition(nameof(RedisFixture))]
public sealed class RedisFixtureCollection : ICollectionFixture<RedisFixture>;
