using Microsoft.Extensions.Options;
using Serverless.Sessions.Accounts;
using Serverless.Sessions.Caching;
using Serverless.Sessions.Ending;
using Serverless.Sessions.Sessions;

namespace Serverless.Sessions.Presence;

/// <summary>
/// "I am here": one write to the presence row, which goes with the session, so a beat that finds none finds an ended session.
/// It never touches the session row and never extends the session. Beats that come closer together than half the interval,
/// from several tabs, are one write, those included that come while it is under way; but a session that this instance ended is
/// heard no more, and one that another ended not for longer than a few seconds.
/// </summary>
public sealed class RecordHeartbeat
{
    private const int MaximumSessions = 50_000;

    // However rarely clients are told to beat: so long a session that another instance ended may still look alive.
    private static readonly TimeSpan LongestCoalesced = TimeSpan.FromSeconds(5);

    private readonly ReadThroughCache<SessionId, bool> _beats;
    private readonly ISessionStore _sessions;
    private readonly TimeProvider _clock;

    /// <summary>Uses the interval of <paramref name="options"/>.</summary>
    public RecordHeartbeat(ISessionStore sessions, SessionCache cache, IOptions<PresenceOptions> options, TimeProvider clock)
    {
        _sessions = sessions;
        _clock = clock;
        var half = options.Value.HeartbeatInterval / 2;
        _beats = new(MaximumSessions, half < LongestCoalesced ? half : LongestCoalesced, clock);
        cache.Dropped += _beats.Drop;
    }

    /// <summary>Takes a beat.</summary>
    /// <returns>How the session ended; null while it is good.</returns>
    public async Task<EndReason?> ExecuteAsync(UserId user, SessionId id, CancellationToken cancellationToken)
    {
        var isHeard = await _beats.GetAsync(id, token => _sessions.TryBeatAsync(user, id, _clock.Now(), token), cancellationToken);
        if (isHeard)
            return null;
        var session = (await _sessions.FindAsync(user, id, cancellationToken))?.Session;
        return session?.EndingAt(_clock.GetUtcNow())?.Reason ?? EndReason.Unknown;
    }
}
