namespace Serverless.Redis;

/// <summary>The names of all keys. What one script uses has one hash tag, as clusters ask.</summary>
internal sealed class RedisKeys(IOptions<RedisOptions> options)
{
    private readonly string _prefix = options.Value.KeyPrefix;

    /// <summary>A session as an instance read it; empty after a change.</summary>
    public RedisKey Session(SessionId id) => $"{_prefix}s:{{{id}}}";

    /// <summary>That a session has ended, or was to.</summary>
    public RedisKey End(SessionId id) => $"{_prefix}end:{{{id}}}";

    /// <summary>When a user's sessions were last seen.</summary>
    public RedisKey Presence(UserId user) => $"{_prefix}p:{user}";

    /// <summary>The users who were just heard from.</summary>
    public RedisKey Online => $"{_prefix}online";

    /// <summary>How much of a limit is used.</summary>
    public RedisKey Limit(string name) => $"{_prefix}l:{name}";

    /// <summary>The registered instances, by when they were last heard.</summary>
    public RedisKey Instances => $"{_prefix}instances";

    /// <summary>What instances tell each other.</summary>
    public RedisChannel News => RedisChannel.Literal($"{_prefix}news");
}
