using Microsoft.Extensions.Options;
using Serverless.Sessions.Accounts;
using Serverless.Sessions.Caching;
using Serverless.Sessions.Sessions;

namespace Serverless.Sessions.Presence;

/// <summary>
/// Who is online: the last sign of any of a user's sessions, in one read for each user. What was read is good for half a
/// heartbeat, and five seconds at most, so a list that many look at costs little more than one that one looks at.
/// </summary>
public sealed class ReadPresence
{
    /// <summary>The most users of one call.</summary>
    public const int MaximumUsers = 50;

    private const int MaximumCached = 10_000;
    private const int AtOnce = 16;

    private static readonly TimeSpan LongestStaleness = TimeSpan.FromSeconds(5);

    private readonly ReadThroughCache<UserId, DateTimeOffset?> _lastSeen;
    private readonly ISessionStore _sessions;
    private readonly PresenceOptions _options;
    private readonly TimeProvider _clock;

    /// <summary>Uses the times of <paramref name="options"/>.</summary>
    public ReadPresence(ISessionStore sessions, IOptions<PresenceOptions> options, TimeProvider clock)
    {
        _sessions = sessions;
        _options = options.Value;
        _clock = clock;
        var half = _options.HeartbeatInterval / 2;
        _lastSeen = new(MaximumCached, half < LongestStaleness ? half : LongestStaleness, clock);
    }

    /// <summary>Tells of each user, in their order. One that doesn't exist is told like one that has no session.</summary>
    /// <param name="users">At most <see cref="MaximumUsers"/>.</param>
    public async Task<IReadOnlyList<UserPresence>> ExecuteAsync(IReadOnlyList<UserId> users, CancellationToken cancellationToken)
    {
        var found = new UserPresence[users.Count];
        await Parallel.ForAsync(
            0,
            users.Count,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (i, cancelled) =>
            {
                var lastSeenAt = await _lastSeen.GetAsync(
                    users[i], token => _sessions.FindLastSeenAsync(users[i], token), cancelled);
                found[i] = new(users[i], lastSeenAt is { } seen && _options.IsOnline(seen, _clock.GetUtcNow()), lastSeenAt);
            });
        return found;
    }
}

/// <summary>Whether a user is there.</summary>
/// <param name="Online">Whether any of the user's sessions is online.</param>
/// <param name="LastSeenAt">When one of them was last heard from: its last heartbeat, or its login. Null where there is none.</param>
public sealed record UserPresence(UserId User, bool Online, DateTimeOffset? LastSeenAt);
