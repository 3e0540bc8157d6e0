namespace Serverless.Sessions.Presence;

/// <summary>Who is online, with one read per user. Results are cached for half a heartbeat interval, at most five seconds, so a
/// list with many viewers costs little more than a list with one.</summary>
public sealed class ReadPresence
{
    public const int MaximumUsers = 50;

    private const int MaximumCached = 10_000;
    private const int AtOnce = 16;

    private static readonly TimeSpan LongestStaleness = TimeSpan.FromSeconds(5);

    private readonly ReadThroughCache<UserId, DateTimeOffset?> _lastSeen;
    private readonly IPresenceStore _presence;
    private readonly PresenceOptions _options;
    private readonly TimeProvider _clock;

    public ReadPresence(IPresenceStore presence, IOptions<PresenceOptions> options, TimeProvider clock)
    {
        _presence = presence;
        _options = options.Value;
        _clock = clock;
        var half = _options.HeartbeatInterval / 2;
        _lastSeen = new(MaximumCached, half < LongestStaleness ? half : LongestStaleness, clock);
    }

    /// <summary>Returns at most <see cref="MaximumUsers"/> in order; unknown users look like users without sessions.</summary>
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
                    users[i], token => _presence.FindLastSeenAsync(users[i], token), cancelled);
                found[i] = new(users[i], lastSeenAt is { } seen && _options.IsOnline(seen, _clock.GetUtcNow()), lastSeenAt);
            });
        return found;
    }
}

/// <summary><c>LastSeenAt</c> is the latest heartbeat or login of any session; null without sessions.</summary>
public sealed record UserPresence(UserId User, bool Online, DateTimeOffset? LastSeenAt);
