using System.ComponentModel.DataAnnotations;

namespace Serverless.Sessions.Ending;

/// <summary>How a purge behaves. Section <c>Purge</c>.</summary>
public sealed class PurgeOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Purge";

    /// <summary>How long one run may take before it leaves the rest to the next.</summary>
    /// <value>Seconds, 10 to 540 (host.json gives a function 10 minutes). Default 240.</value>
    [Range(10, 540)]
    public int MaximumSeconds { get; set; } = 240;

    /// <summary>The same as a time span.</summary>
    public TimeSpan MaximumDuration => TimeSpan.FromSeconds(MaximumSeconds);
}
