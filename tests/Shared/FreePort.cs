using System.Net;
using System.Net.Sockets;

namespace Serverless.Testing;

/// <summary>
/// Ports for the processes that tests start. They lie below the ports that systems give to whoever asks for any, so nothing takes
/// one between its choice and its use, or while the process that listened on it is started again.
/// </summary>
public static class FreePort
{
    private const int First = 12_000;
    private const int Count = 18_000;

    private static uint _last = (uint)Random.Shared.Next(Count);

    public static int Next()
    {
        for (var tries = 0; tries < Count; tries++)
        {
            var port = First + (int)(Interlocked.Increment(ref _last) % Count);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // In use.
            }
        }

        throw new InvalidOperationException($"No port from {First} to {First + Count - 1} is free.");
    }
}
