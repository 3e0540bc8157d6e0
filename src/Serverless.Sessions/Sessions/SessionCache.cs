namespace Serverless.Sessions.Sessions;

/// <summary>The sessions that this instance read within the last seconds, so that status checks need no storage. Entries are
/// never older than the setting, and this instance drops what it changes at once.</summary>
public sealed class SessionCache(IOptions<SessionOptions> options, TimeProvider clock)
{
    // An entry is about a kilobyte; the platform's smallest instance has half a gigabyte.
    private const int MaximumSessions = 20_000;

    private readonly AgedCache<SessionId, Session> _sessions = new(MaximumSessions, options.Value.StatusCacheLifetime, clock);

    /// <summary>Raised for a session that this instance changed, so that other caches drop it too.</summary>
    internal event Action<SessionId>? Dropped;

    internal Session? Find(SessionId id) => _sessions.TryFind(id, out var session) ? session : null;
    internal void Keep(Session session, long readAt) => _sessions.Keep(session.Id, session, readAt);

    internal void Drop(SessionId id)
    {
        _sessions.Drop(id);
        Dropped?.Invoke(id);
    }
}
