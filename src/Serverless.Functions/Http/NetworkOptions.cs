namespace Serverless.Functions.Http;

public sealed class NetworkOptions
{
    public const string Section = "Network";

    [Setting("how many proxies append their caller's address to X-Forwarded-For; Azure's own front end is one",
        "Front Door, an Application Gateway or your own proxy is in front of the app: add one for each, and block direct calls, which are "
        + "neither rate limited nor flagged"), Range(1, 10)]
    public int TrustedProxyHops { get; set; } = 1;
}
