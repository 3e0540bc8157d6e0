namespace Serverless.Redis;

public static class RedisServices
{
    /// <summary>What logs outside an invocation.</summary>
    public static Type InBackground => typeof(RedisConnection);

    /// <summary>Adds what instances share, as singletons over one connection.</summary>
    public static IServiceCollection AddRedis(this IServiceCollection services)
    {
        services.AddOptions<RedisOptions>()
            .Validate(
                options => RedisAddress.IsValid(options.ConnectionString),
                $"{RedisOptions.Section}__{nameof(RedisOptions.ConnectionString)} must be a connection string of StackExchange.Redis, "
                + "but is something else, which is not shown since it may hold a secret.")
            .Validate(
                options => RedisAddress.IsValid(options.Endpoint),
                $"{RedisOptions.Section}__{nameof(RedisOptions.Endpoint)} must be host and port, such as example.redis.azure.net:10000.");
        return services
            .AddSingleton<RedisConnection>()
            .AddSingleton<RedisKeys>()
            .AddSingleton<Instances>()
            .AddSingleton<RedisSessions>()
            .AddSingleton<ISharedSessions>(provider => provider.GetRequiredService<RedisSessions>())
            .AddSingleton<ISharedPresence, RedisPresence>()
            .AddSingleton<ISharedLimits, RedisLimits>()
            .AddHostedService<InstanceBeats>();
    }
}
