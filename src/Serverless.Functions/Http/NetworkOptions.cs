namespace Serverless.Functions.Http;

/// <summary>What is between callers and the app.</summary>
public sealed class NetworkOptions
{
    public const string Section = "Network";

    [Setting("how many proxies append the address they were called from to X-Forwarded-For; Azure's own front end is one",
        "Front Door, an Application Gateway or a proxy of yours is in front of the app: one more for each; then let nobody around them, "
        + "since whoever calls the app directly has no address that is limited or flagged")]
    [Range(1, 10)]
    public int TrustedProxyHops { get; set; } = 1;
}
