using System.Net;
using System.Net.Sockets;

namespace Serverless.Sessions;

/// <summary>
/// The address by which callers are counted: an IPv4 address itself, for IPv6 the /64 that one customer has, written as its
/// four hextets without a slash, which no storage key may hold.
/// </summary>
public static class IpAddressGroup
{
    /// <summary>The group of an address; text that is no address is its own group.</summary>
    public static string Of(string address)
    {
        if (!IPAddress.TryParse(address, out var ip) || ip.AddressFamily != AddressFamily.InterNetworkV6)
            return address;
        if (ip.IsIPv4MappedToIPv6)
            return ip.MapToIPv4().ToString();
        var bytes = ip.GetAddressBytes();
        return string.Join(':', Enumerable.Range(0, 4).Select(i => Convert.ToHexStringLower(bytes, 2 * i, 2)));
    }
}
