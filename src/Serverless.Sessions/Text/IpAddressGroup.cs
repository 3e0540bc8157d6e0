using System.Net;
using System.Net.Sockets;

namespace Serverless.Sessions.Text;

/// <summary>The unit by which addresses are counted: an IPv4 address, or the /64 that one IPv6 customer has, written as its four
/// hextets without a slash, which storage keys don't allow.</summary>
public static class IpAddressGroup
{
    /// <summary>The group of callers with unknown addresses, never flagged or limited as they have nothing in common.</summary>
    public const string Unknown = "unknown";

    public static bool IsGroup(string text) =>
        text == Unknown
        || (!text.Contains(':') && IPAddress.TryParse(text, out var address) && address.ToString() == text)
        || (text.Split(':') is { Length: 4 } hextets && hextets.All(hextet => HexDigits.Are(hextet, 4)));

    /// <summary>Text that isn't an address is its own group.</summary>
    public static string Of(string address)
    {
        if (!IPAddress.TryParse(address, out var ip))
            return address;
        if (ip.AddressFamily != AddressFamily.InterNetworkV6)
            return ip.ToString();
        if (ip.IsIPv4MappedToIPv6)
            return ip.MapToIPv4().ToString();
        var bytes = ip.GetAddressBytes();
        return string.Join(':', Enumerable.Range(0, 4).Select(i => Convert.ToHexStringLower(bytes, 2 * i, 2)));
    }
}

/// <summary>An address as logs may hold it: its network, /24 for IPv4 and /48 for IPv6, which points at no person.</summary>
public static class MaskedAddress
{
    /// <summary>Returns the network of an address or its group; anything else is <see cref="IpAddressGroup.Unknown"/>.</summary>
    public static string Of(string address)
    {
        // An IPv6 group is the first half of an address.
        if (!IPAddress.TryParse(address, out var ip) && !(IpAddressGroup.IsGroup(address) && IPAddress.TryParse($"{address}::", out ip)))
            return IpAddressGroup.Unknown;
        if (ip.IsIPv4MappedToIPv6)
            ip = ip.MapToIPv4();
        var kept = ip.AddressFamily == AddressFamily.InterNetwork ? 3 : 6;
        var bytes = ip.GetAddressBytes();
        bytes.AsSpan(kept).Clear();
        return $"{new IPAddress(bytes)}/{kept * 8}";
    }
}
