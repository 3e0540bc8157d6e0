using System.Net.Sockets;

namespace Serverless.Testing;

/// <summary>
/// Ports for the processes that tests start. They lie below the ports that systems give to whoever asks for any, so that hardly anything
/// takes one between its choice and its use, or while the process that listened on it is started again.
/// </summary>
public static class FreePort
{
    private const int First = 14_000;
    private const int Count = 16_000;

    private static uint _next = (uint)Random.Shared.Next(Count);

    /// <returns>A port that nothing listens on, the first of as many as are asked for.</returns>
    public static int Next(int count = 1)
    {
        for (var tries = 0; tries < Count; tries++)
        {
            var first = First + (int)((Interlocked.Add(ref _next, (uint)count) - (uint)count) % Count);
            if (Enumerable.Range(first, count).All(IsFree))
                return first;
        }

        throw new InvalidOperationException($"No port from {First} to {First + Count} is free.");
    }

    public static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
