using System.ComponentModel.DataAnnotations;

namespace Serverless.Sessions.Timeline;

/// <summary>When an address becomes suspicious. Section <c>SuspiciousIps</c>.</summary>
public sealed class SuspiciousIpOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "SuspiciousIps";

    /// <summary>The most login attempts within the window that are no reason to worry; one more flags the address.</summary>
    /// <value>Attempts, 1 to 100,000. Default 10.</value>
    [Range(1, 100_000)]
    public int MaximumLogins { get; set; } = 10;

    /// <summary>The window in which attempts are counted.</summary>
    /// <value>Minutes, 1 to 1440. Default 60.</value>
    [Range(1, 1440)]
    public int WindowMinutes { get; set; } = 60;

    /// <summary>How long a flag lasts after the last attempt that it counts.</summary>
    /// <value>Hours, 1 to 8760. Default 24.</value>
    [Range(1, 8760)]
    public int FlagHours { get; set; } = 24;

    /// <summary>How long one run may take before it leaves the rest to the next.</summary>
    /// <value>Seconds, 10 to 540 (host.json gives a function 10 minutes). Default 240.</value>
    [Range(10, 540)]
    public int MaximumSeconds { get; set; } = 240;

    /// <summary>The same as a time span.</summary>
    public TimeSpan MaximumDuration => TimeSpan.FromSeconds(MaximumSeconds);

    /// <summary>The window as a time span.</summary>
    public TimeSpan Window => TimeSpan.FromMinutes(WindowMinutes);
}
