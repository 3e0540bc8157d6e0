namespace Serverless.Sessions.Presence;

/// <summary>Records a heartbeat in the presence row, which is deleted with the session: a missing row means that the session has
/// ended, or that somebody removed the row by hand. Heartbeats less than half an interval apart, as from several tabs, share one write,
/// unless only the later is of an active user.</summary>
public sealed class RecordHeartbeat
{
    private const int MaximumSessions = 50_000;

    private readonly ReadThroughCache<(SessionId Id, bool IsActive), bool> _heartbeats;
    private readonly ISessionStore _sessions;
    private readonly IPresenceStore _presence;
    private readonly TimeProvider _clock;
    private readonly ISharedPresence? _shared;
    private readonly TimeSpan _window;

    public RecordHeartbeat(
        ISessionStore sessions, IPresenceStore presence, SessionCache cache, IOptions<PresenceOptions> options, TimeProvider clock,
        ISharedPresence? shared = null)
    {
        (_sessions, _presence, _clock, _shared, _window) = (sessions, presence, clock, shared, options.Value.OnlineWindow);
        _heartbeats = new(MaximumSessions, options.Value.Staleness, clock);
        cache.Dropped += Forget;
    }

    /// <summary>Returns why the session ended, or null while it is valid.</summary>
    public async Task<EndReason?> ExecuteAsync(UserId user, SessionId id, bool isActive, CancellationToken cancellationToken)
    {
        if (await _heartbeats.GetAsync(
            (id, isActive), token => TryRecordAsync(user, id, isActive, token), cancellationToken))
            return null;
        if (await _sessions.FindAsync(user, id, cancellationToken) is not { } stored)
            return EndReason.Unknown;
        var now = _clock.Now();
        if (stored.Session.EndingAt(now) is { } ending)
            return ending.Reason;
        if (await _presence.TryRestoreAsync(stored, now, isActive, cancellationToken))
            Forget(id);
        return null;
    }

    private void Forget(SessionId id)
    {
        _heartbeats.Drop((id, false));
        _heartbeats.Drop((id, true));
    }

    // Where instances share presence, storage gets one write a minute, which finds out whether the session has ended.
    private async Task<bool> TryRecordAsync(UserId user, SessionId id, bool isActive, CancellationToken cancellationToken)
    {
        var now = _clock.Now();
        if (_shared is not null && await _shared.TryRecordAsync(user, id, now, isActive, _window, cancellationToken))
            return true;
        if (!await _presence.TryRecordAsync(user, id, now, isActive, cancellationToken))
            return false;
        _shared?.Confirm(user, id, now, isActive, _window);
        return true;
    }
}

public sealed class PresenceOptions
{
    private static readonly TimeSpan LongestStaleness = TimeSpan.FromSeconds(5);

    [Setting("how often a client is told to send a heartbeat; a session is online for twice as long after its last one",
        "heartbeats are most of the bill: each is one write")]
    [Duration("00:00:01", "00:05:00")]
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How old what an instance knows may be: another instance may have ended a session.</summary>
    internal TimeSpan Staleness => HeartbeatInterval / 2 < LongestStaleness ? HeartbeatInterval / 2 : LongestStaleness;

    /// <summary>One lost heartbeat is forgiven.</summary>
    internal TimeSpan OnlineWindow => 2 * HeartbeatInterval;

    public bool IsOnline(DateTimeOffset lastSeenAt, DateTimeOffset now) => now - lastSeenAt < OnlineWindow;
}
