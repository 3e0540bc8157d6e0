namespace Serverless.Sessions.Presence;

public sealed class PresenceOptions
{
    public const string Section = "Presence";

    private static readonly TimeSpan LongestStaleness = TimeSpan.FromSeconds(5);

    [Setting("how often a client is told to send a heartbeat; a session is online for twice as long after its last one",
        "heartbeats are most of the bill: each is one write")]
    [Duration("00:00:01", "00:05:00")]
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How old what an instance knows may be: another instance may have ended a session.</summary>
    internal TimeSpan Staleness => HeartbeatInterval / 2 < LongestStaleness ? HeartbeatInterval / 2 : LongestStaleness;

    /// <summary>One lost heartbeat is forgiven.</summary>
    public bool IsOnline(DateTimeOffset lastSeenAt, DateTimeOffset now) => now - lastSeenAt < 2 * HeartbeatInterval;
}
