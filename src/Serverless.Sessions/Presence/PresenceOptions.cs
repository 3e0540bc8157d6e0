using System.ComponentModel.DataAnnotations;

namespace Serverless.Sessions.Presence;

/// <summary>When a session counts as online. Section <c>Presence</c>.</summary>
public sealed class PresenceOptions : IValidatableObject
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Presence";

    /// <summary>How often a client is told to send a heartbeat.</summary>
    /// <value>Seconds, 1 to 300. Default 5.</value>
    [Range(1, 300)]
    public int HeartbeatSeconds { get; set; } = 5;

    /// <summary>How long after its last heartbeat a session is still online.</summary>
    /// <value>Seconds, 2 to 600. Default 10.</value>
    [Range(2, 600)]
    public int OnlineSeconds { get; set; } = 10;

    /// <summary>The time between two heartbeats.</summary>
    public TimeSpan Interval => TimeSpan.FromSeconds(HeartbeatSeconds);

    /// <summary>Whether a session that was heard from at a time is online.</summary>
    public bool IsOnline(DateTimeOffset lastSeenAt, DateTimeOffset now) => now - lastSeenAt < TimeSpan.FromSeconds(OnlineSeconds);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (OnlineSeconds <= HeartbeatSeconds)
        {
            yield return new(
                $"{Section}__{nameof(OnlineSeconds)} must be above {Section}__{nameof(HeartbeatSeconds)}, "
                + $"which is {HeartbeatSeconds}, but is {OnlineSeconds}.");
        }
    }
}
