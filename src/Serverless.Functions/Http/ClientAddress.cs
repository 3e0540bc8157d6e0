namespace Serverless.Functions.Http;

/// <summary>
/// The caller's address: what the outermost trusted proxy wrote. Entries before that one came from the caller and could say
/// anything.
/// </summary>
internal static class ClientAddress
{
    /// <summary>Reads X-Forwarded-For.</summary>
    /// <param name="forwardedFor">The header; null where no proxy was passed.</param>
    /// <param name="trustedHops">How many entries at the end were written by proxies that can be trusted.</param>
    /// <returns>The address; null where the header has fewer entries than that.</returns>
    public static string? Read(string? forwardedFor, int trustedHops)
    {
        var entries = forwardedFor?.Split(',') ?? [];
        return entries.Length >= trustedHops ? Parse(entries[^trustedHops].Trim()) : null;
    }

    // "1.2.3.4", "1.2.3.4:567", "::1", "[::1]" and "[::1]:567" all occur.
    private static string Parse(string entry)
    {
        if (IPEndPoint.TryParse(entry, out var endPoint) && !IsBareIPv6(entry))
            return Canonical(endPoint.Address);
        return IPAddress.TryParse(entry, out var address) ? Canonical(address) : IpAddressGroup.Unknown;
    }

    // IPEndPoint takes the last group of a bare IPv6 address for a port.
    private static bool IsBareIPv6(string entry) => !entry.StartsWith('[') && entry.Count(character => character == ':') > 1;

    private static string Canonical(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4().ToString();
        // A scope names an interface of this machine, nothing about the caller.
        return address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6
            ? new IPAddress(address.GetAddressBytes()).ToString()
            : address.ToString();
    }
}
