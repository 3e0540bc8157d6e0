using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace Serverless.Sessions;

/// <summary>
/// The sessions that this instance looked at within the last seconds, so that status checks need no storage. What it holds
/// is never older than the setting, and what this instance changes it drops at once.
/// </summary>
public sealed class SessionCache : IDisposable
{
    // An entry is about a kilobyte; the platform's smallest instance has half a gigabyte.
    private const int MaximumSessions = 20_000;

    private readonly Lock _changing = new();
    private readonly MemoryCache _sessions;
    private readonly TimeSpan _staleness;
    private readonly TimeProvider _clock;

    /// <summary>Uses the staleness of <paramref name="options"/>.</summary>
    public SessionCache(IOptions<SessionOptions> options, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(options);
        _staleness = TimeSpan.FromSeconds(options.Value.StatusCacheSeconds);
        _clock = clock;
        _sessions = new(new MemoryCacheOptions
        {
            SizeLimit = MaximumSessions,
            // What has expired is of no use to anybody and would be held for a minute.
            ExpirationScanFrequency = _staleness > TimeSpan.Zero ? _staleness : TimeSpan.FromMinutes(1),
        });
    }

    /// <inheritdoc/>
    public void Dispose() => _sessions.Dispose();

    /// <summary>Tells of a session that this instance changed: what else is remembered of it may be wrong now.</summary>
    internal event Action<SessionId>? Dropped;

    /// <summary>When a reading begins; what it finds is as old as this.</summary>
    internal long Now => _clock.GetTimestamp();

    internal Session? Find(SessionId id) =>
        _sessions.TryGetValue(id, out Cached? cached) && _clock.GetElapsedTime(cached!.At) < _staleness ? cached.Session : null;

    internal void Keep(Session session, long readAt)
    {
        lock (_changing)
        {
            // A reading that began before the session was changed here has seen the past.
            if (!_sessions.TryGetValue(session.Id, out Cached? known) || known!.At < readAt)
                Store(session.Id, new(session, readAt));
        }
    }

    internal void Drop(SessionId id)
    {
        lock (_changing)
            Store(id, new(null, Now));
        Dropped?.Invoke(id);
    }

    private void Store(SessionId id, Cached cached)
    {
        if (_staleness == TimeSpan.Zero)
            return;
        using var entry = _sessions.CreateEntry(id);
        entry.Value = cached;
        entry.Size = 1;
        entry.AbsoluteExpirationRelativeToNow = _staleness;
    }

    private sealed record Cached(Session? Session, long At);
}
