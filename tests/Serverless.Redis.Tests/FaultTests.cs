using System.Diagnostics;

namespace Serverless.Redis.Tests;

/// <summary>Redis in every state that docs/redis.md names: an end is refused elsewhere within the setting, nothing throws, nobody waits, and
/// afterwards all is as before.</summary>
public sealed class FaultTests
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(2);

    // Until a timer of a busy machine has fired, and the test has looked.
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(1);

    private static readonly Dictionary<string, (Func<Scene, Task> Begin, Func<Scene, Task> End)> Faults = new()
    {
        ["killed and restarted"] = (scene => scene.Server.KillAsync(), scene => scene.Server.StartAgainAsync()),
        ["hanging"] = (scene => Do(() => scene.Server.Signal("STOP")), scene => Do(() => scene.Server.Signal("CONT"))),
        ["full"] = (scene => scene.RunAsync("CONFIG", "SET", "maxmemory", "1"), scene => scene.RunAsync("CONFIG", "SET", "maxmemory", "0")),
        ["slow"] = (scene => Do(() => scene.Proxy.Delay = TimeSpan.FromMilliseconds(200)), scene => Do(scene.Proxy.Heal)),
        ["cut off"] = (scene => Do(scene.Proxy.Cut), scene => Do(scene.Proxy.Heal)),
        ["parted"] = (scene => Do(scene.Proxy.Swallow), scene => Do(scene.Proxy.Heal)),
        ["demoted to a replica"] = (scene => scene.RunAsync("REPLICAOF", "127.0.0.1", "1"), scene => scene.RunAsync("REPLICAOF", "NO", "ONE")),
        ["forbidding its channel"] = (
            scene => scene.RunAsync("ACL", "SETUSER", "default", "resetchannels"),
            scene => scene.RunAsync("ACL", "SETUSER", "default", "allchannels")),
        ["with another password"] = (
            async scene =>
            {
                await scene.RunAsync("CONFIG", "SET", "requirepass", "another");
                await scene.RunAsync("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
                await scene.RunAsync("CLIENT", "KILL", "TYPE", "pubsub");
            },
            scene => scene.RunAsync("CONFIG", "SET", "requirepass", "")),
    };

    [Fact]
    public async Task Whatever_happens_to_Redis_an_end_is_known_within_the_setting_and_nobody_waits()
    {
        // Together, since each mostly waits.
        var failures = await Task.WhenAll(Faults.Select(async fault =>
        {
            try
            {
                await RunAsync(fault.Value.Begin, fault.Value.End);
                return "";
            }
            catch (Exception exception)
            {
                return $"{fault.Key}: {exception}\n";
            }
        }));
        Assert.Equal("", string.Concat(failures));
    }

    [Fact]
    public async Task A_flush_forgets_no_end()
    {
        await using var scene = await Scene.StartAsync();
        var session = await scene.CachedSessionAsync();
        var before = await scene.ValueOfAsync(session);
        await scene.One.Service.LogoutAsync(session);
        await scene.EndedAsync(session, within: Slack);
        await scene.RunAsync("FLUSHALL");
        // The mark of the end is gone, and someone fills in what was read before.
        scene.One.Shared.Keep(session.Id, before, Lifetime);
        await scene.EndedAsync(session, within: TimeSpan.Zero);
        Assert.Equal(EndReason.Logout, await scene.Other.Service.BeatAsync(session));
    }

    [Fact]
    public async Task A_promoted_replica_that_lacks_an_end_hides_it_no_longer_than_the_setting()
    {
        // So long that a busy machine comes to the last instance within it.
        var lifetime = TimeSpan.FromSeconds(5);
        await using var scene = await Scene.StartAsync(lifetime);
        await using var replica = await RedisServer.StartAsync("--replicaof", "127.0.0.1", $"{scene.Server.Port}");
        await using var redis = await ConnectionMultiplexer.ConnectAsync(replica.ConnectionString + ",allowAdmin=true");
        var database = redis.GetDatabase();
        await Eventually.TrueAsync(() => database.KeyExistsAsync(scene.One.Keys.Instances));
        var session = await scene.CachedSessionAsync();
        Assert.Null(await scene.One.Service.BeatAsync(session));
        await Eventually.TrueAsync(async () =>
            await database.KeyExistsAsync(scene.One.Keys.Session(session.Id)) && await database.KeyExistsAsync(scene.One.Keys.Presence(session.UserId)));
        await database.ExecuteAsync("REPLICAOF", "NO", "ONE");

        await scene.One.Service.LogoutAsync(session);
        var clock = Stopwatch.StartNew();
        await scene.EndedAsync(session, within: Slack);
        scene.Proxy.Target = replica.Port;
        await scene.Server.KillAsync();
        // It has heard nothing, and finds the session in the replica, without the mark of its end.
        await using var later = await Instance.StartAsync(scene.Stores, replica.ConnectionString, scene.Prefix, scene.Sessions, awaited: null);
        await Eventually.TrueAsync(() => later.Connection.IsAvailable);
        Assert.IsType<CheckSessionResult.Valid>(await later.Service.CheckAsync(session));
        Assert.Equal(EndReason.Logout, await later.Service.BeatAsync(session));
        await EndedAsync(later, session, lifetime + Slack - clock.Elapsed);

        await Eventually.TrueAsync(() => scene.One.Connection.IsAvailable);
        await EndedAsync(scene.One, session, within: TimeSpan.Zero);
        await EndedAsync(scene.Other, session, within: TimeSpan.Zero);
        Assert.Equal(EndReason.Logout, await scene.One.Service.BeatAsync(session));
    }

    [Fact]
    public async Task A_call_that_the_client_refuses_to_send_is_as_one_without_an_answer()
    {
        await using var server = await RedisServer.StartAsync();
        await using var instance = await Instance.StartAsync(InMemoryStores.Create(), server.ConnectionString + ",$MGET=,$HVALS=", RedisFixture.NewPrefix());
        var session = (await instance.Service.LoginAsync()).Session;
        Assert.IsType<CheckSessionResult.Valid>(await instance.Service.CheckAsync(session));
        Assert.False(Assert.Single(await instance.Service.ReadPresence.ExecuteAsync([UserId.New(DateTimeOffset.UtcNow)], default)).Online);
    }

    [Fact]
    public async Task Who_may_not_subscribe_leaves_no_connection_behind()
    {
        await using var server = await RedisServer.StartAsync();
        await using var redis = await ConnectionMultiplexer.ConnectAsync(server.ConnectionString + ",allowAdmin=true");
        await redis.GetDatabase().ExecuteAsync("ACL", "SETUSER", "default", "resetchannels");
        RedisOptions options = new() { ConnectionString = server.ConnectionString };
        await using var connection = new RedisConnection(Options.Create(options), TimeProvider.System, NullLogger<RedisConnection>.Instance);
        var before = (await redis.GetServers()[0].ClientListAsync()).Length;
        for (var tries = 0; tries < 3; tries++)
            await Assert.ThrowsAsync<RedisServerException>(() => connection.PrepareAsync(new RedisKeys(Options.Create(options)).News, _ => { }, default));
        await Eventually.TrueAsync(async () => (await redis.GetServers()[0].ClientListAsync()).Length == before);
    }

    [Fact]
    public async Task An_app_starts_without_Redis_and_finds_it_later()
    {
        await using var server = await RedisServer.StartAsync();
        await server.KillAsync();
        await using var instance = await Instance.StartAsync(
            InMemoryStores.Create(), server.ConnectionString, RedisFixture.NewPrefix(), awaited: SharingState.Unavailable, isPatient: false);
        var session = (await instance.Service.LoginAsync()).Session;
        Assert.IsType<CheckSessionResult.Valid>(await instance.Service.CheckAsync(session));
        await Eventually.TrueAsync(() => instance.Log.Lines.Any(line => line.StartsWith("Warning 1040", StringComparison.Ordinal)));
        await server.StartAgainAsync();
        await instance.UntilAsync(SharingState.Connected);
        await Eventually.TrueAsync(() => instance.Log.Lines.Any(line => line.StartsWith("Information 1041", StringComparison.Ordinal)));
    }

    private static async Task RunAsync(Func<Scene, Task> begin, Func<Scene, Task> end)
    {
        await using var scene = await Scene.StartAsync(isPatient: false);
        var session = await scene.CachedSessionAsync();
        await begin(scene);

        var (ending, beating) = (scene.One.Service.LogoutAsync(session), Stopwatch.StartNew());
        // The stores of the test answer at once, so whatever isn't done yet waits for Redis.
        Assert.True(ending.IsCompleted, "The logout waits.");
        Assert.IsType<EndSessionResult.Ended>(await ending);
        await scene.EndedAsync(session, within: Lifetime + Slack);

        // All goes on without it, and without a wait for each call.
        for (var tries = 0; tries < 30; tries++)
        {
            var other = (await scene.One.Service.LoginAsync()).Session;
            await scene.CheckBothAsync(other);
            Assert.Null(await scene.One.Service.BeatAsync(other));
        }

        Assert.InRange(beating.Elapsed, TimeSpan.Zero, Lifetime + Slack + TimeSpan.FromSeconds(5));
        await end(scene);
        await scene.One.UntilAsync(SharingState.Connected, seconds: 20);
        await scene.Other.UntilAsync(SharingState.Connected, seconds: 20);
        session = await scene.CachedSessionAsync();
        await scene.One.Service.LogoutAsync(session);
        // Without news it would be good for longer.
        await scene.EndedAsync(session, within: Lifetime + Slack);
    }

    private static Task Do(Action act)
    {
        act();
        return Task.CompletedTask;
    }

    private static async Task EndedAsync(Instance instance, Session session, TimeSpan within)
    {
        for (var clock = Stopwatch.StartNew(); await instance.Service.CheckAsync(session) is not CheckSessionResult.Ended; await Task.Delay(5))
            Assert.True(clock.Elapsed < within, $"It is still good after {clock.Elapsed.TotalSeconds:0.0} s.");
    }

    /// <summary>Two instances, the one behind the proxy.</summary>
    private sealed class Scene : IAsyncDisposable
    {
        public required SessionOptions Sessions { get; init; }
        public Stores Stores { get; } = InMemoryStores.Create();

        /// <summary>Its own: while its server is killed, another process may start one on the port.</summary>
        public string Prefix { get; } = RedisFixture.NewPrefix();
        public required RedisServer Server { get; init; }
        public required FaultyProxy Proxy { get; init; }
        public required ConnectionMultiplexer Redis { get; init; }
        public Instance One { get; private set; } = null!;
        public Instance Other { get; private set; } = null!;

        /// <param name="isPatient">Whether the scene isn't about the time limit of a call.</param>
        public static async Task<Scene> StartAsync(TimeSpan? lifetime = null, bool isPatient = true)
        {
            var server = await RedisServer.StartAsync();
            var options = ConfigurationOptions.Parse(server.ConnectionString + ",allowAdmin=true,abortConnect=false");
            var scene = new Scene
            {
                Sessions = new() { StatusCacheLifetime = lifetime ?? Lifetime },
                Server = server,
                Proxy = new(server.Port),
                Redis = await ConnectionMultiplexer.ConnectAsync(options),
            };
            scene.One = await Instance.StartAsync(scene.Stores, scene.Proxy.Address, scene.Prefix, scene.Sessions, isPatient: isPatient);
            scene.Other = await Instance.StartAsync(scene.Stores, server.ConnectionString, scene.Prefix, scene.Sessions, isPatient: isPatient);
            await scene.One.UntilAsync(SharingState.Connected);
            return scene;
        }

        public Task<RedisResult> RunAsync(string command, params object[] arguments) => Redis.GetDatabase().ExecuteAsync(command, arguments);

        public async Task<Session> CachedSessionAsync()
        {
            var session = (await One.Service.LoginAsync()).Session;
            await CheckBothAsync(session);
            return session;
        }

        public async Task CheckBothAsync(Session session)
        {
            Assert.IsType<CheckSessionResult.Valid>(await One.Service.CheckAsync(session));
            Assert.IsType<CheckSessionResult.Valid>(await Other.Service.CheckAsync(session));
        }

        public async Task<byte[]> ValueOfAsync(Session session) =>
            SharedSessionCodec.Write(session, DateTimeOffset.UtcNow, await One.Service.Keys.GetAsync(default), DateTimeOffset.UtcNow)!;

        public Task EndedAsync(Session session, TimeSpan within) => FaultTests.EndedAsync(Other, session, within);

        public async ValueTask DisposeAsync()
        {
            await One.DisposeAsync();
            await Other.DisposeAsync();
            await Redis.DisposeAsync();
            await Proxy.DisposeAsync();
            await Server.DisposeAsync();
        }
    }
}
