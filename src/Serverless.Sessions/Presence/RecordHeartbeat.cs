using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using Serverless.Sessions.Accounts;

namespace Serverless.Sessions.Presence;

/// <summary>
/// "I am here": one write to the presence row, which goes with the session, so a beat that finds none finds an ended session.
/// It never touches the session row and never extends the session. Beats that come closer together than half the interval,
/// from several tabs, are one write, those included that come while it is under way; but a session that this instance ended is
/// heard no more, and one that another ended not for longer than a few seconds.
/// </summary>
public sealed class RecordHeartbeat : IDisposable
{
    private const int MaximumSessions = 50_000;

    // However rarely clients are told to beat: so long a session that another instance ended may still look alive.
    private static readonly TimeSpan LongestCoalesced = TimeSpan.FromSeconds(5);

    private readonly Lock _beginning = new();
    private readonly MemoryCache _beats = new(new MemoryCacheOptions { SizeLimit = MaximumSessions });
    private readonly ISessionStore _sessions;
    private readonly SessionCache _cache;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _coalesced;

    /// <summary>Uses the interval of <paramref name="options"/>.</summary>
    public RecordHeartbeat(ISessionStore sessions, SessionCache cache, IOptions<PresenceOptions> options, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(cache);
        ArgumentNullException.ThrowIfNull(options);
        _sessions = sessions;
        _cache = cache;
        _clock = clock;
        var half = options.Value.Interval / 2;
        _coalesced = half < LongestCoalesced ? half : LongestCoalesced;
        _cache.Dropped += Forget;
    }

    /// <summary>Takes a beat.</summary>
    /// <returns>How the session ended; null while it is good.</returns>
    public async Task<EndReason?> ExecuteAsync(UserId user, SessionId id, CancellationToken cancellationToken)
    {
        if (await BeatAsync(user, id).WaitAsync(cancellationToken).ConfigureAwait(false))
            return null;
        var session = (await _sessions.FindAsync(user, id, cancellationToken).ConfigureAwait(false))?.Session;
        return session?.EndingAt(_clock.GetUtcNow())?.Reason ?? EndReason.Unknown;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _cache.Dropped -= Forget;
        _beats.Dispose();
    }

    private Task<bool> BeatAsync(UserId user, SessionId id)
    {
        lock (_beginning)
        {
            if (_beats.TryGetValue(id, out Beat? known) && !known!.Write.IsFaulted && _clock.GetElapsedTime(known.At) < _coalesced)
                return known.Write;
            // Several wait for this write, so none of them can call it off.
            var beat = new Beat(Detached.RunAsync(_clock, token => _sessions.TryBeatAsync(user, id, _clock.Now(), token)), _clock.GetTimestamp());
            _beats.Set(id, beat, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = _coalesced });
            return beat.Write;
        }
    }

    private void Forget(SessionId id) => _beats.Remove(id);

    private sealed record Beat(Task<bool> Write, long At);
}
