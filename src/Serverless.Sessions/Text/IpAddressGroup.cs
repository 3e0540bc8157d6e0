using System.Net;
using System.Net.Sockets;

namespace Serverless.Sessions.Text;

/// <summary>
/// The address by which callers are counted: an IPv4 address itself, for IPv6 the /64 that one customer has, written as its
/// four hextets without a slash, which no storage key may hold.
/// </summary>
public static class IpAddressGroup
{
    /// <summary>The group of callers whose address is unknown. They have nothing in common, so they are never flagged or limited
    /// together.</summary>
    public const string Unknown = "unknown";

    /// <summary>Whether a text can be a group: an IPv4 address, four hextets, or the address that nobody could read.</summary>
    public static bool IsGroup(string text)
    {
        return text == Unknown
            || (text.Split('.').Length == 4 && IPAddress.TryParse(text, out var address) && address.ToString() == text)
            || (text.Split(':') is { Length: 4 } hextets && hextets.All(hextet => hextet.Length == 4 && hextet.All(char.IsAsciiHexDigitLower)));
    }

    /// <summary>The group of an address; text that is no address is its own group.</summary>
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
