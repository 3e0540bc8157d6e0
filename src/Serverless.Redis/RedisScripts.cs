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

    /// <summary>Records a heartbeat and returns 1, or 0 where storage has to confirm it first. Key: the user's sessions. Arguments:
    /// session, when it was seen, 1 if its user is active, for how long that counts,
    /// how long ago storage may have confirmed it at most, or -1 if it just has.</summary>
    public const string Record =
        """
        local known = redis.call('HGET', KEYS[1], ARGV[1])
        local seen, active, confirmed = string.match(known or '', '^(%d+) (%d+) (%d+)$')
        local time = redis.call('TIME')
        local now = time[1] * 1000 + math.floor(time[2] / 1000)
        local within = tonumber(ARGV[5])
        local age = confirmed and now - confirmed
        if known == 'ended' or within >= 0 and (not age or age >= within or age < 0) then
          return 0
        end
        if within < 0 then
          confirmed = string.format('%.0f', now)
        end
        active = ARGV[3] == '1' and ARGV[2] or active or '0'
        redis.call('HSET', KEYS[1], ARGV[1], ARGV[2] .. ' ' .. active .. ' ' .. confirmed)
        redis.call('PEXPIRE', KEYS[1], ARGV[4])
        if redis.call('HLEN', KEYS[1]) > 32 then
          local all = redis.call('HGETALL', KEYS[1])
          for i = 1, #all, 2 do
            local at = string.match(all[i + 1], '^(%d+) ')
            if not at or ARGV[2] - at > tonumber(ARGV[4]) then
              redis.call('HDEL', KEYS[1], all[i])
            end
          end
        end
        return 1
        """;

    /// <summary>Remembers the end of a session, so that a heartbeat under way isn't recorded. Key: the user's sessions. Arguments: session,
    /// for how many milliseconds at least.</summary>
    public const string Remove =
        """
        redis.call('HSET', KEYS[1], ARGV[1], 'ended')
        if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[2]) then
          redis.call('PEXPIRE', KEYS[1], ARGV[2])
        end
        return 1
        """;

    /// <summary>Adds a user to those who are online, and forgets those who aren't any more. Key: online. Arguments: user, after how many
    /// milliseconds that is.</summary>
    public const string MarkOnline =
        """
        local time = redis.call('TIME')
        local now = time[1] * 1000 + math.floor(time[2] / 1000)
        redis.call('ZADD', KEYS[1], now, ARGV[1])
        redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[2])
        return redis.call('PEXPIRE', KEYS[1], ARGV[2])
        """;

    /// <summary>Key: online. Argument: after how many milliseconds a user isn't any more.</summary>
    public const string CountOnline =
        """
        local time = redis.call('TIME')
        return redis.call('ZCOUNT', KEYS[1], '(' .. string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000) - ARGV[1]), '+inf')
        """;

    /// <summary>Counts a request, and returns after how many microseconds the next one may come; at most 0 for at once. Key: when the
    /// bucket is full again (GCRA). Arguments: after how many microseconds another one may come, how many may come at once.</summary>
    public const string Count =
        """
        local time = redis.call('TIME')
        local now = time[1] * 1000000 + time[2]
        local interval, most = tonumber(ARGV[1]), tonumber(ARGV[2])
        local full = tonumber(redis.call('GET', KEYS[1]) or 0) or 0
        full = math.min(math.max(now, full) + interval, now + interval * most * 4)
        redis.call('SET', KEYS[1], string.format('%.0f', full), 'PX', math.ceil((full - now) / 1000) + 1)
        return full + interval - now - interval * most
        """;

    /// <summary>Registers an instance, lets it be heard, and returns all. Key: instances. Arguments: its name, message, channel, after how
    /// many milliseconds a silent one is forgotten.</summary>
    public const string Beat =
        """
        local time = redis.call('TIME')
        local now = time[1] * 1000 + math.floor(time[2] / 1000)
        redis.call('ZADD', KEYS[1], now, ARGV[1])
        redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[4])
        redis.call('ZREMRANGEBYSCORE', KEYS[1], '(' .. now, '+inf')
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
