
namespace Serverless.Functions.Http;

/// <summary>What stands between callers and the app. Section <c>Network</c>.</summary>
public sealed class NetworkOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Network";

    /// <summary>How many proxies that can be trusted append the address they were called from to X-Forwarded-For. Azure's own
    /// front end is one; add one for each of yours before it (Front Door, Application Gateway).</summary>
    /// <value>Proxies, 1 to 10. Default 1.</value>
    [Range(1, 10)]
    public int TrustedProxyHops { get; set; } = 1;
}
