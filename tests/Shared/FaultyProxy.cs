using System.Net.Sockets;

namespace Serverless.Testing;

/// <summary>Stands before a server, and delays, swallows or cuts what passes.</summary>
public sealed class FaultyProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<TcpClient, bool> _clients = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private volatile bool _swallows;
    private volatile bool _cuts;
    private long _delay;

    public FaultyProxy(int target)
    {
        Target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>The server's port, for new connections.</summary>
    public int Target { get; set; }

    public string Address => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>Of everything, in both directions.</summary>
    public TimeSpan Delay
    {
        get => new(Interlocked.Read(ref _delay));
        set => Interlocked.Exchange(ref _delay, value.Ticks);
    }

    /// <summary>Connections stay, and nothing arrives, as in a network that is parted.</summary>
    public void Swallow() => _swallows = true;

    /// <summary>Connections break, and none is accepted.</summary>
    public void Cut()
    {
        _cuts = true;
        CloseAll();
    }

    /// <summary>What was swallowed is lost, so its connections are, too.</summary>
    public void Heal()
    {
        var loses = _swallows;
        (_cuts, _swallows) = (false, false);
        Delay = TimeSpan.Zero;
        if (loses)
            CloseAll();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        CloseAll();
        await _accepting;
        _stop.Dispose();
    }

    private void CloseAll()
    {
        foreach (var client in _clients.Keys)
            client.Close();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (!_stop.IsCancellationRequested)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // It has been stopped.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var server = new TcpClient { NoDelay = true };
        try
        {
            client.NoDelay = true;
            if (_cuts)
                return;
            await server.ConnectAsync(IPAddress.Loopback, Target, _stop.Token);
            _clients[client] = _clients[server] = true;
            await Task.WhenAny(PassAsync(client, server), PassAsync(server, client));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException)
        {
            // The server is gone.
        }
        finally
        {
            _clients.TryRemove(client, out _);
            _clients.TryRemove(server, out _);
            client.Close();
        }
    }

    private async Task PassAsync(TcpClient from, TcpClient to)
    {
        try
        {
            var buffer = new byte[64 * 1024];
            var (source, target) = (from.GetStream(), to.GetStream());
            while (await source.ReadAsync(buffer, _stop.Token) is var size and > 0)
            {
                if (Delay > TimeSpan.Zero)
                    await Task.Delay(Delay, _stop.Token);
                if (!_swallows)
                    await target.WriteAsync(buffer.AsMemory(0, size), _stop.Token);
            }
        }
        catch (Exception exception) when (
            exception is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // One side is gone, and so is the other.
        }
    }
}
