namespace Serverless.Sessions.Sessions;

/// <summary>The sessions that this instance read within the last seconds, so that status checks need no storage. An entry is never older
/// than the setting, unless this instance has since heard of all changes, and it drops what it changes or hears of at once. Beside it the
/// cache that instances share, where there is one.</summary>
public sealed class SessionCache
{
    /// <summary>How old an entry may get at most, whatever this instance hears: one that can't speak may have ended the session.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    // An entry is about a kilobyte; the platform's smallest instance has half a gigabyte.
    private const int MaximumSessions = 20_000;

    // How long an ending may take to be written and told.
    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(2);

    private readonly AgedCache<SessionId, Session> _sessions;
    private readonly TimeSpan _lifetime;
    private readonly KeyRingSource _keys;
    private readonly TimeProvider _clock;
    private readonly ISharedSessions? _shared;

    public SessionCache(IOptions<SessionOptions> options, KeyRingSource keys, TimeProvider clock, ISharedSessions? shared = null)
    {
        (_lifetime, _keys, _clock) = (options.Value.StatusCacheLifetime, keys, clock);
        // Without a lifetime every check reads storage.
        _shared = _lifetime > TimeSpan.Zero ? shared : null;
        _sessions = new(MaximumSessions, _shared is not null && _lifetime < Longest ? Longest : _lifetime, clock);
        if (shared is null)
            return;
        shared.Told += Hear;
        shared.Missed += ForgetAll;
    }

    /// <summary>Raised for a session that was changed, so that other caches drop it too.</summary>
    internal event Action<SessionId>? Dropped;

    internal Session? Find(SessionId id) => _sessions.TryFind(id, OldestGood(), out var session) ? session : null;

    /// <summary>Looks in the cache that instances share.</summary>
    internal async ValueTask<Session?> FindSharedAsync(SessionId id, CancellationToken cancellationToken)
    {
        if (_shared is null || await _shared.FindAsync(id, cancellationToken) is not { } value)
            return null;
        var ring = await _keys.GetAsync(cancellationToken);
        if (SharedSessionCodec.Read(id, value, ring) is not { } read)
            return null;

        // A read that is ahead of this clock is as young as can be; one that is further ahead was not by an instance.
        var age = _clock.GetUtcNow() - read.ReadAt;
        if (age >= _lifetime || age < -Hold)
            return null;
        var readAt = _clock.GetTimestamp() - Ticks(age > TimeSpan.Zero ? age : TimeSpan.Zero);
        _sessions.Keep(id, read.Session, readAt);
        // Not if this instance heard of a change since.
        return Find(id);
    }

    internal void Keep(Session session, long readAt) => _sessions.Keep(session.Id, session, readAt);

    /// <summary>Keeps a session that was read from storage for other instances.</summary>
    internal async ValueTask ShareAsync(Session session, long readAt, CancellationToken cancellationToken)
    {
        if (_shared is null)
            return;
        var (now, age) = (_clock.GetUtcNow(), _clock.GetElapsedTime(readAt));
        if (age < _lifetime && SharedSessionCodec.Write(session, now - age, await _keys.GetAsync(cancellationToken), now) is { } value)
            _shared.Keep(session.Id, value, _lifetime);
    }

    /// <summary>Before an end is written: nothing that is read meanwhile is kept, here or elsewhere.</summary>
    internal void BeginEnding(SessionId id)
    {
        if (_shared is null)
            return;
        _sessions.Drop(id, Hold);
        _shared.Tell(id, SessionChange.Ending, _lifetime);
    }

    /// <summary>After an end was written, or may have been.</summary>
    internal void End(SessionId id) => Drop(id, SessionChange.Ended);

    /// <summary>After a change.</summary>
    internal void Drop(SessionId id) => Drop(id, SessionChange.Changed);

    /// <summary>Drops it here only, since another instance may have changed it.</summary>
    internal void Forget(SessionId id)
    {
        _sessions.Drop(id);
        Dropped?.Invoke(id);
    }

    private void Drop(SessionId id, SessionChange change)
    {
        Forget(id);
        _shared?.Tell(id, change, _lifetime);
    }

    private void Hear(SessionId id, SessionChange change)
    {
        if (change == SessionChange.Ending)
            _sessions.Drop(id, Hold);
        else
            Forget(id);
    }

    private void ForgetAll() => _sessions.Clear();

    // An entry from before is too old. One since which all changes were heard of is as good as read when the last was.
    private long OldestGood()
    {
        var now = _clock.GetTimestamp();
        var oldest = now - Ticks(_lifetime);
        return _shared?.Heard is { } heard && heard.Until > oldest
            ? Math.Min(oldest, Math.Max(heard.Since, now - Ticks(Longest))) : oldest;
    }

    private long Ticks(TimeSpan time) => (long)(time.TotalSeconds * _clock.TimestampFrequency);
}
