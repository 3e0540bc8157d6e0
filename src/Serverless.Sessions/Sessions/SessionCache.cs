using Microsoft.Extensions.Options;
using Serverless.Sessions.Caching;

namespace Serverless.Sessions.Sessions;

/// <summary>
/// The sessions that this instance looked at within the last seconds, so that status checks need no storage. What it holds
/// is never older than the setting, and what this instance changes it drops at once.
/// </summary>
public sealed class SessionCache(IOptions<SessionOptions> options, TimeProvider clock)
{
    // An entry is about a kilobyte; the platform's smallest instance has half a gigabyte.
    private const int MaximumSessions = 20_000;

    private readonly AgedCache<SessionId, Session> _sessions =
        new(MaximumSessions, options.Value.StatusCacheLifetime, clock);

    /// <summary>Tells of a session that this instance changed: what else is remembered of it may be wrong now.</summary>
    internal event Action<SessionId>? Dropped;

    /// <summary>When a reading begins; what it finds is as old as this.</summary>
    internal long Now => clock.GetTimestamp();

    internal Session? Find(SessionId id) => _sessions.TryFind(id, out var session) ? session : null;

    internal void Keep(Session session, long readAt) => _sessions.Keep(session.Id, session, readAt);

    internal void Drop(SessionId id)
    {
        _sessions.Drop(id);
        Dropped?.Invoke(id);
    }
}
