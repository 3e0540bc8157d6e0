namespace Serverless.Functions.Http;

/// <summary>The caller's address as the outermost trusted proxy wrote it; earlier entries come from the caller, and all but the last where
/// the caller goes around a proxy.</summary>
internal static class ClientAddress
{
    /// <returns>Null if <c>X-Forwarded-For</c> has fewer entries than there are trusted proxies.</returns>
    public static string? Read(string? forwardedFor, int trustedHops)
    {
        var entries = forwardedFor?.Split(',') ?? [];
        return entries.Length >= trustedHops ? Parse(entries[^trustedHops].Trim()) : null;
    }

    // "1.2.3.4", "1.2.3.4:567", "::1", "[::1]" and "[::1]:567" all occur.
    private static string Parse(string entry) =>
        IPEndPoint.TryParse(entry, out var endPoint) ? Canonical(endPoint.Address)
        : IPAddress.TryParse(entry, out var address) ? Canonical(address)
        : IpAddressGroup.Unknown;

    // From its bytes: without a scope id, which names an interface of this machine.
    public static string Canonical(IPAddress address) =>
        (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : new(address.GetAddressBytes())).ToString();
}

public sealed class NetworkOptions
{
    [Setting("how many proxies append their caller's address to X-Forwarded-For; Azure's own front end is one",
        "Front Door, an Application Gateway or your own proxy is in front of the app: add one for each, and block direct calls, which "
        + "choose the address that is limited, flagged and recorded"), Range(1, 10)]
    public int TrustedProxyHops { get; set; } = 1;
}
