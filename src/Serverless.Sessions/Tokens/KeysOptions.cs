using System.ComponentModel.DataAnnotations;

namespace Serverless.Sessions.Tokens;

/// <summary>How often keys change and how long they may be cached. Section <c>Keys</c>.</summary>
public sealed class KeysOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Keys";

    /// <summary>How long a key signs access tokens before the next one takes over.</summary>
    /// <value>Days, 1 to 365. Default 30.</value>
    [Range(1, 365)]
    public int SigningKeyDays { get; set; } = 30;

    /// <summary>How long a key makes refresh tokens before the next one takes over. The keys before it are kept as long as their
    /// tokens live, so a shorter time makes a larger ring: a secret of a vault holds 25 KB.</summary>
    /// <value>Days, 7 to 365. Default 30.</value>
    [Range(7, 365)]
    public int MacKeyDays { get; set; } = 30;

    /// <summary>How long a key chains the log entries of sessions before the next one takes over. They are all kept, to check what they
    /// chained.</summary>
    /// <value>Days, 180 to 3650. Default 365.</value>
    [Range(180, 3650)]
    public int AuditKeyDays { get; set; } = 365;

    /// <summary>How long anybody may keep the public keys: other services the JWKS, and an instance its key ring.</summary>
    /// <value>Seconds, 1 to 86400. Default 300.</value>
    [Range(1, 86_400)]
    public int JwksCacheSeconds { get; set; } = 300;

    /// <summary>The same as a time span.</summary>
    public TimeSpan JwksCache => TimeSpan.FromSeconds(JwksCacheSeconds);
}
