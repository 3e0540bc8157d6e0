namespace Serverless.Sessions.Presence;

/// <summary>When a session counts as online.</summary>
public sealed class PresenceOptions
{
    public const string Section = "Presence";

    [Setting("how often a client is told to send a heartbeat; a session is online for twice as long after its last one",
        "heartbeats are most of the bill: each is one write")]
    [Duration("00:00:01", "00:05:00")]
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether a session with its last heartbeat at a time is online: one lost heartbeat is forgiven.</summary>
    public bool IsOnline(DateTimeOffset lastSeenAt, DateTimeOffset now) => now - lastSeenAt < 2 * HeartbeatInterval;
}
