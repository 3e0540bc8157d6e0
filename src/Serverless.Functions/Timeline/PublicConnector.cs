using System.Net.Sockets;

namespace Serverless.Functions.Timeline;

/// <summary>Connects to public addresses only. It resolves the host itself and connects to the addresses that it checked, so DNS
/// rebinding gains nothing.</summary>
internal sealed class PublicConnector(
    Func<string, CancellationToken, Task<IPAddress[]>> resolve, Func<IPEndPoint, CancellationToken, Task<Stream>> connect)
{
    /// <summary>By DNS and TCP.</summary>
    public static PublicConnector Usual { get; } = new(Dns.GetHostAddressesAsync, ConnectAsync);

    /// <exception cref="AddressNotPublicException">The host has an address that isn't public.</exception>
    public async ValueTask<Stream> ConnectAsync(DnsEndPoint host, CancellationToken cancellationToken)
    {
        var addresses = await resolve(host.Host, cancellationToken);
        // One private address is enough to refuse: no receiver needs both kinds.
        if (!Array.TrueForAll(addresses, PublicAddress.Is))
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
