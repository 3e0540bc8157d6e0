using System.Net.Sockets;

namespace Serverless.Functions.Timeline;

/// <summary>Resolves a host itself and connects only to addresses that it found public, so DNS rebinding gains nothing.</summary>
internal sealed class PublicConnector(
    Func<string, CancellationToken, Task<IPAddress[]>> resolve, Func<IPEndPoint, CancellationToken, Task<Stream>> connect,
    bool orThisMachine = false)
{
    public static PublicConnector Usual { get; } = new(Dns.GetHostAddressesAsync, ConnectAsync);

    /// <summary>For Development only.</summary>
    public static PublicConnector OrThisMachine { get; } = new(Dns.GetHostAddressesAsync, ConnectAsync, orThisMachine: true);

    public async ValueTask<Stream> ConnectAsync(DnsEndPoint host, CancellationToken cancellationToken)
    {
        var addresses = await resolve(host.Host, cancellationToken);
        // One private address is enough to refuse: no receiver needs both kinds.
        if (!Array.TrueForAll(addresses, address => PublicAddress.Is(address) || (orThisMachine && IPAddress.IsLoopback(address))))
            throw new AddressNotPublicException();
        Exception? last = null;
        foreach (var address in addresses)
        {
            try
            {
                return await connect(new(address, host.Port), cancellationToken);
            }
            catch (SocketException exception)
            {
                last = exception;
            }
        }

        throw last ?? new SocketException((int)SocketError.HostNotFound);
    }

    private static async Task<Stream> ConnectAsync(IPEndPoint endPoint, CancellationToken cancellationToken)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endPoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

internal sealed class AddressNotPublicException() : IOException("The host has an address that isn't public.");

/// <summary>Whether an address belongs to the public internet, by IANA's special-purpose registries (RFC 6890). A configured URL
/// must not make the app call hosts in its own network.</summary>
internal static class PublicAddress
{
    private static readonly IPNetwork[] NotPublic =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            // Azure's own services for its machines, such as DNS and health probes; reachable only from there.
            "168.63.129.16/32",
            // Protocol assignments including Teredo, documentation, 6to4.
            "2001::/23", "2001:db8::/32", "3fff::/20", "2002::/16",
        }.Select(IPNetwork.Parse),
    ];

    // The globally routed part of IPv6; loopback, link-local, unique-local and multicast addresses are outside.
    private static readonly IPNetwork Global = IPNetwork.Parse("2000::/3");

    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");

    public static bool Is(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            // Both contain an IPv4 address in their last four bytes.
            if (address.IsIPv4MappedToIPv6 || Nat64.Contains(address))
                return Is(new IPAddress(address.GetAddressBytes().AsSpan(12)));
            if (!Global.Contains(address))
                return false;
        }

        return !Array.Exists(NotPublic, network => network.Contains(address));
    }
}
