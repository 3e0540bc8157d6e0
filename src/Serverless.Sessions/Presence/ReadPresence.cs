namespace Serverless.Sessions.Presence;

/// <summary>Who is online, with one cached read per user: a list with many viewers costs little more than with one.</summary>
public sealed class ReadPresence(IPresenceStore presence, IOptions<PresenceOptions> options, TimeProvider clock)
{
    public const int MaximumUsers = 50;
    private const int MaximumCached = 10_000;

    private readonly ReadThroughCache<UserId, DateTimeOffset?> _lastSeen = new(MaximumCached, options.Value.Staleness, clock);

    /// <summary>Returns at most <see cref="MaximumUsers"/> in order; unknown users look like users without sessions.</summary>
    public async Task<IReadOnlyList<UserPresence>> ExecuteAsync(
        IReadOnlyList<UserId> users, CancellationToken cancellationToken) =>
        await Concurrently.SelectAsync(users, FindAsync, cancellationToken);

    private async Task<UserPresence> FindAsync(UserId user, CancellationToken cancellationToken)
    {
        var lastSeenAt = await _lastSeen.GetAsync(user, token => presence.FindLastSeenAsync(user, token), cancellationToken);
        return new(user, lastSeenAt is { } seen && options.Value.IsOnline(seen, clock.GetUtcNow()), lastSeenAt);
    }
}

/// <summary><c>LastSeenAt</c> is the latest heartbeat or login of any session; null without sessions.</summary>
public sealed record UserPresence(UserId User, bool Online, DateTimeOffset? LastSeenAt);

/// <summary>When sessions were last seen. Both methods throw <see cref="StorageUnavailableException"/> on an outage.</summary>
public interface IPresenceStore
{
    /// <summary>Returns false if the session has ended.</summary>
    Task<bool> TryRecordAsync(UserId user, SessionId session, DateTimeOffset seenAt, CancellationToken cancellationToken);

    /// <summary>Returns when any session of the user was last seen, in one read.</summary>
    Task<DateTimeOffset?> FindLastSeenAsync(UserId user, CancellationToken cancellationToken);
}
