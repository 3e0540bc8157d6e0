namespace Serverless.Redis;

/// <summary>Each is one call, and runs as a whole. StackExchange.Redis sends its digest, once Redis knows it.</summary>
internal static class RedisScripts
{
    /// <summary>Keeps a session's value unless it has just changed, or has ended or is to. Keys: value, end. Arguments: value, its
    /// lifetime in milliseconds.</summary>
    public const string Keep =
        """
        if redis.call('EXISTS', KEYS[2]) == 1 or redis.call('GET', KEYS[1]) == '' then
          return 0
        end
        redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
        return 1
        """;

    /// <summary>Refuses values from before a change, marks an end, tells of it. Keys: value, end. Arguments: how long values from before
    /// are refused and, where it ends, the end is marked (or 0), in milliseconds; channel, message.</summary>
    public const string Tell =
        """
        redis.call('SET', KEYS[1], '', 'PX', ARGV[1])
        if ARGV[2] ~= '0' then
          redis.call('SET', KEYS[2], '1', 'PX', ARGV[2])
        end
        return redis.call('PUBLISH', ARGV[3], ARGV[4])
        """;

    /// <summary>Registers an instance, lets it be heard, and returns all. Key: instances. Arguments: its name, message, channel, after how
    /// many milliseconds a silent one is forgotten.</summary>
    public const string Beat =
        """
        local time = redis.call('TIME')
        local now = time[1] * 1000 + math.floor(time[2] / 1000)
        redis.call('ZADD', KEYS[1], now, ARGV[1])
        redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[4])
        redis.call('PEXPIRE', KEYS[1], ARGV[4])
        redis.call('PUBLISH', ARGV[3], ARGV[2])
        return redis.call('ZRANGE', KEYS[1], 0, 2000)
        """;

    /// <summary>Key: instances. Arguments: its name, message, channel.</summary>
    public const string Leave =
        """
        redis.call('ZREM', KEYS[1], ARGV[1])
        return redis.call('PUBLISH', ARGV[3], ARGV[2])
        """;
}
