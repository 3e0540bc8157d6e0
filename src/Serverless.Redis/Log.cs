namespace Serverless.Redis;

/// <summary>Log messages of the hot tier. Event ids are stable, and unique across the app.</summary>
internal static partial class Log
{
    [LoggerMessage(1040, LogLevel.Warning, "Redis is unavailable, so everything is as without it: {Why}")]
    public static partial void RedisUnavailable(this ILogger log, string why);

    [LoggerMessage(1041, LogLevel.Information, "Redis is available")]
    public static partial void RedisAvailable(this ILogger log);
}
