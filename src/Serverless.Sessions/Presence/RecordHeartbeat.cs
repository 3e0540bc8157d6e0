using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using Serverless.Sessions.Accounts;

namespace Serverless.Sessions.Presence;

/// <summary>
/// "I am here": one write to the presence row, which goes with the session, so a beat that finds none finds an ended session.
/// It never touches the session row and never extends the session. Beats that come closer together than half the interval,
/// from several tabs, are one write.
/// </summary>
public sealed class RecordHeartbeat : IDisposable
{
    private const int MaximumSessions = 50_000;

    private readonly MemoryCache _beats = new(new MemoryCacheOptions { SizeLimit = MaximumSessions });
    private readonly ISessionStore _sessions;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _coalesced;

    /// <summary>Uses the interval of <paramref name="options"/>.</summary>
    public RecordHeartbeat(ISessionStore sessions, IOptions<PresenceOptions> options, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(options);
        _sessions = sessions;
        _clock = clock;
        _coalesced = options.Value.Interval / 2;
    }

    /// <summary>Takes a beat.</summary>
    /// <returns>How the session ended; null while it is good.</returns>
    public async Task<EndReason?> ExecuteAsync(UserId user, SessionId id, CancellationToken cancellationToken)
    {
        if (_beats.TryGetValue(id, out long beatAt) && _clock.GetElapsedTime(beatAt) < _coalesced)
            return null;
        var startedAt = _clock.GetTimestamp();
        if (!await _sessions.TryBeatAsync(user, id, _clock.Now(), cancellationToken).ConfigureAwait(false))
        {
            var session = (await _sessions.FindAsync(user, id, cancellationToken).ConfigureAwait(false))?.Session;
            return session?.EndingAt(_clock.GetUtcNow())?.Reason ?? EndReason.Unknown;
        }

        _beats.Set(id, startedAt, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = _coalesced });
        return null;
    }

    /// <inheritdoc/>
    public void Dispose() => _beats.Dispose();
}
