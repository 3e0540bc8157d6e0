using System.Net;
using System.Net.Sockets;

namespace Serverless.Sessions.Text;

/// <summary>An address as logs may hold it: its network, /24 for IPv4 and /48 for IPv6, which shows an operator the origin
/// without pointing at a person.</summary>
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
