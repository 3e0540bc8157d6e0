using System.Net;
using System.Net.Sockets;

namespace Serverless.Sessions.Text;

/// <summary>
/// An address as it may stand in a log: the network that it belongs to, which tells an operator where something comes from and
/// doesn't point at a person. An IPv4 address stands for its /24, an IPv6 address for its /48.
/// </summary>
public static class MaskedAddress
{
    /// <summary>The network of an address or of an <see cref="IpAddressGroup"/>; whatever is neither is
    /// <see cref="IpAddressGroup.Unknown"/>.</summary>
    public static string Of(string address)
    {
        // The group of an IPv6 address is its first half.
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
