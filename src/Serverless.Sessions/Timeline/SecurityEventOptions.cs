using System.ComponentModel.DataAnnotations;

namespace Serverless.Sessions.Timeline;

/// <summary>What becomes a security event, and how long it is kept. Section <c>SecurityEvents</c>.</summary>
public sealed class SecurityEventOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "SecurityEvents";

    /// <summary>The most addresses from which one account may be logged in to, or fail to be, within the window; one more is a
    /// burst. An IPv6 /64 is one address.</summary>
    /// <value>Addresses, 1 to 1000. Default 4.</value>
    [Range(1, 1000)]
    public int MaximumAddresses { get; set; } = 4;

    /// <summary>The window in which they are counted.</summary>
    /// <value>Minutes, 1 to 1440. Default 10.</value>
    [Range(1, 1440)]
    public int WindowMinutes { get; set; } = 10;

    /// <summary>How long events are kept.</summary>
    /// <value>Days, 30 to 3650. Default 400.</value>
    [Range(30, 3650)]
    public int RetentionDays { get; set; } = 400;

    /// <summary>How long one run may take before it leaves the rest to the next.</summary>
    /// <value>Seconds, 10 to 540 (host.json gives a function 10 minutes). Default 240.</value>
    [Range(10, 540)]
    public int MaximumSeconds { get; set; } = 240;

    /// <summary>The same as a time span.</summary>
    public TimeSpan MaximumDuration => TimeSpan.FromSeconds(MaximumSeconds);

    /// <summary>The window as a time span.</summary>
    public TimeSpan Window => TimeSpan.FromMinutes(WindowMinutes);
}
