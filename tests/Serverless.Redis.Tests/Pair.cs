namespace Serverless.Redis.Tests;

/// <summary>Two instances on the same stores, which count what is read.</summary>
public sealed class Pair : IAsyncLifetime
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(3);

    private readonly RedisFixture _redis;
    private int _reads;
    private int _presences;

    public Pair(RedisFixture redis) => _redis = redis;

    public int Reads
    {
        get => Volatile.Read(ref _reads);
        set => Volatile.Write(ref _reads, value);
    }

    /// <summary>Calls to the store of presence: each is one transaction.</summary>
    public int Presences
    {
        get => Volatile.Read(ref _presences);
        set => Volatile.Write(ref _presences, value);
    }

    internal Instance One { get; private set; } = null!;
    internal Instance Other { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        var stores = InMemoryStores.Create();
        stores = stores with
        {
            Sessions = Intercepted.Around(stores.Sessions, Intercepted.At(nameof(ISessionStore.FindAsync), () => Interlocked.Increment(ref _reads))),
            Presence = Intercepted.Around(stores.Presence, _ => Interlocked.Increment(ref _presences)),
        };
        var prefix = RedisFixture.NewPrefix();
        One = await Instance.StartAsync(stores, _redis.ConnectionString, prefix, Options());
        Other = await Instance.StartAsync(stores, _redis.ConnectionString, prefix, Options());
        await One.UntilAsync(SharingState.Connected);
    }

    public async Task DisposeAsync()
    {
        await One.DisposeAsync();
        await Other.DisposeAsync();
    }

    /// <summary>Waits until Redis has run what both have sent.</summary>
    internal Task SettledAsync() => Task.WhenAll(
        ((Instance[])[One, Other]).Select(instance => instance.Connection.AskAsync(database => database.PingAsync()).AsTask()));

    private static SessionOptions Options() => new() { StatusCacheLifetime = Lifetime };
}
