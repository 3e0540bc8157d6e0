namespace Serverless.Sessions.Presence;

/// <summary>Who is online, with one cached read per user: a list with many viewers costs little more than with one. Where instances share
/// presence, one call finds those who are online, and the others are read from storage.</summary>
public sealed class ReadPresence(
    IPresenceStore presence, IOptions<PresenceOptions> options, TimeProvider clock, ISharedPresence? shared = null)
{
    public const int MaximumUsers = 50;
    private const int MaximumCached = 10_000;

    private readonly ReadThroughCache<UserId, LastSeen?> _lastSeen = new(MaximumCached, options.Value.Staleness, clock);

    /// <summary>Returns at most <see cref="MaximumUsers"/> in order; unknown users look like users without sessions.</summary>
    public async Task<IReadOnlyList<UserPresence>> ExecuteAsync(
        IReadOnlyList<UserId> users, CancellationToken cancellationToken)
    {
        if (shared is null)
            return await Concurrently.SelectAsync(users, (user, token) => FindAsync(user, null, token), cancellationToken);
        var known = await shared.FindAsync(users, cancellationToken);
        return await Concurrently.SelectAsync(
            [.. users.Zip(known)], (each, token) => FindAsync(each.First, each.Second, token), cancellationToken);
    }

    private async Task<UserPresence> FindAsync(UserId user, LastSeen? known, CancellationToken cancellationToken)
    {
        var last = known is not null && options.Value.IsOnline(known.At, clock.GetUtcNow())
            ? known
            : await _lastSeen.GetAsync(user, token => presence.FindLastSeenAsync(user, token), cancellationToken);
        var now = clock.GetUtcNow();
        return new(
            user, last is { At: var at } && options.Value.IsOnline(at, now),
            last is { ActiveAt: { } activeAt } && options.Value.IsOnline(activeAt, now), last?.At);
    }
}

/// <summary><c>LastSeenAt</c> is the latest heartbeat or login of any session; null without sessions. <c>IsActive</c> is true if one of
/// them not long ago was of a user who did something.</summary>
public sealed record UserPresence(UserId User, bool Online, bool IsActive, DateTimeOffset? LastSeenAt);

/// <summary>The latest heartbeat or login of any session, and the latest that was of an active user.</summary>
public sealed record LastSeen(DateTimeOffset At, DateTimeOffset? ActiveAt);

/// <summary>When sessions were last seen. Both methods throw <see cref="StorageUnavailableException"/> on an outage.</summary>
public interface IPresenceStore
{
    /// <summary>Returns false if the session has ended.</summary>
    Task<bool> TryRecordAsync(UserId user, SessionId session, DateTimeOffset seenAt, bool isActive, CancellationToken cancellationToken);

    /// <summary>Adds the row of a session that lacks it. Returns false if it has one, or has changed since it was read.</summary>
    Task<bool> TryRestoreAsync(StoredSession session, DateTimeOffset seenAt, bool isActive, CancellationToken cancellationToken);

    /// <summary>Returns when any session of the user was last seen, in one read; null without sessions.</summary>
    Task<LastSeen?> FindLastSeenAsync(UserId user, CancellationToken cancellationToken);
}
