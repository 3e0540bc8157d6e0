using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Serverless.Redis.Tests;

/// <summary>An instance of the service that shares a Redis and the stores with others, on the real clock.</summary>
internal sealed class Instance : IAsyncDisposable
{
    // Until the client itself gives a call up. What isn't about the time limit of a call mustn't fail on a busy machine.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly ServiceProvider _redis;
    private readonly List<IHostedService> _hosted;
    private bool _isGone;

    private Instance(Stores stores, string connectionString, string prefix, SessionOptions? sessionOptions, bool isPatient)
    {
        var services = new ServiceCollection();
        var options = Options.Create(new RedisOptions { ConnectionString = connectionString, KeyPrefix = prefix });
        services.AddSingleton(options);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        services.AddSingleton<ILogger<RedisConnection>>(Log);
        services.AddRedis();
        if (isPatient)
            services.AddSingleton(_ => new RedisConnection(options, TimeProvider.System, Log) { Longest = Patience });
        _redis = services.BuildServiceProvider();
        _hosted = [.. _redis.GetServices<IHostedService>()];
        Service = new(stores, new(), sessionOptions, configure: own => own
            .AddSingleton(TimeProvider.System)
            .AddSingleton(Shared)
            .AddSingleton(Presence));
    }

    public Service Service { get; }
    public Recorded<RedisConnection> Log { get; } = new();
    public ISharedSessions Shared => _redis.GetRequiredService<ISharedSessions>();
    public ISharedPresence Presence => _redis.GetRequiredService<ISharedPresence>();
    public ISharedLimits Limits => _redis.GetRequiredService<ISharedLimits>();
    public RedisConnection Connection => _redis.GetRequiredService<RedisConnection>();
    public RedisKeys Keys => _redis.GetRequiredService<RedisKeys>();

    public static async Task<Instance> StartAsync(
        Stores stores, string connectionString, string prefix, SessionOptions? sessionOptions = null,
        SharingState? awaited = SharingState.Connected, bool isPatient = true)
    {
        var instance = new Instance(stores, connectionString, prefix, sessionOptions, isPatient);
        foreach (var hosted in instance._hosted)
            await hosted.StartAsync(default);
        if (awaited is { } state)
            await instance.UntilAsync(state);
        return instance;
    }

    public Task UntilAsync(SharingState state, int seconds = 15) => Eventually.TrueAsync(() => Shared.State == state, seconds, () => $"{Shared.State}");

    /// <summary>As a kill: it doesn't take its leave.</summary>
    public async Task KillAsync()
    {
        _isGone = true;
        await _redis.DisposeAsync();
        Service.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        if (_isGone)
            return;
        _isGone = true;
        foreach (var hosted in _hosted)
            await hosted.StopAsync(default);
        Service.Dispose();
        await _redis.DisposeAsync();
    }
}

internal static class Eventually
{
    public static async Task TrueAsync(Func<bool> condition, int seconds = 15, Func<string>? explain = null)
    {
        for (var clock = Stopwatch.StartNew(); !condition(); await Task.Delay(5))
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(seconds), explain?.Invoke() ?? "It isn't so in time.");
    }

    public static async Task TrueAsync(Func<Task<bool>> condition, int seconds = 15)
    {
        for (var clock = Stopwatch.StartNew(); !await condition(); await Task.Delay(5))
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(seconds), "It isn't so in time.");
    }
}
