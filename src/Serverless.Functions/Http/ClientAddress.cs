namespace Serverless.Functions.Http;

/// <summary>The caller's address as the outermost trusted proxy wrote it; earlier entries come from the caller.</summary>
internal static class ClientAddress
{
    /// <param name="forwardedFor">The header X-Forwarded-For; null without a proxy.</param>
    /// <param name="trustedHops">How many entries at the end were written by trusted proxies.</param>
    /// <returns>The address; null if the header has fewer entries.</returns>
    public static string? Read(string? forwardedFor, int trustedHops)
    {
        var entries = forwardedFor?.Split(',') ?? [];
        return entries.Length >= trustedHops ? Parse(entries[^trustedHops].Trim()) : null;
    }

    // "1.2.3.4", "1.2.3.4:567", "::1", "[::1]" and "[::1]:567" all occur.
    private static string Parse(string entry) =>
        IPEndPoint.TryParse(entry, out var endPoint) && !IsBareIPv6(entry) ? Canonical(endPoint.Address)
        : IPAddress.TryParse(entry, out var address) ? Canonical(address)
        : IpAddressGroup.Unknown;

    // IPEndPoint would parse the last group of a bare IPv6 address as a port.
    private static bool IsBareIPv6(string entry) => !entry.StartsWith('[') && entry.Count(character => character == ':') > 1;

    private static string Canonical(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4().ToString();
        // Without its scope id, which names an interface of this machine.
        return address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6
            ? new IPAddress(address.GetAddressBytes()).ToString()
            : address.ToString();
    }
}
