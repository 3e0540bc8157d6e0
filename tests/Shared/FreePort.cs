using System.Net.Sockets;

namespace Serverless.Testing;

/// <summary>Ports below the ephemeral range, so that hardly anything takes one between its choice and its use, or in a restart.</summary>
public static partial class FreePort
{
    private const int First = 14_000;
    private const int Count = 16_000;

    private static uint _next = (uint)Random.Shared.Next(Count);

    /// <returns>The first of <paramref name="count"/> ports that nothing listens on.</returns>
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

    /// <summary>Starts something on a free port, and again on another one where somebody else took the port before.</summary>
    public static async Task<T> StartAsync<T>(Func<int, Task<T>> start)
    {
        for (var tries = 3; ; tries--)
        {
            try
            {
                return await start(Next());
            }
            catch (InvalidOperationException e) when (tries > 1 && WasTaken().IsMatch(e.Message))
            {
                continue;
            }
        }
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

    // As Node and .NET word it.
    [GeneratedRegex("EADDRINUSE|in use")]
    private static partial Regex WasTaken();
}
