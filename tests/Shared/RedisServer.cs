namespace Serverless.Testing;

/// <summary>The machine's <c>redis-server</c>, with nothing on disk.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    private readonly string[] _arguments;
    private OverheardProcess? _process;

    private RedisServer(int port, string[] arguments) => (Port, _arguments) = (port, arguments);

    public int Port { get; }

    public string ConnectionString => $"127.0.0.1:{Port}";

    public static Task<RedisServer> StartAsync(params string[] arguments) => FreePort.StartAsync(async port =>
    {
        var server = new RedisServer(port, arguments);
        await server.StartAgainAsync();
        return server;
    });

    /// <summary>Empty, as after a restart without persistence.</summary>
    public Task StartAgainAsync()
    {
        var process = _process = new(new(
            "redis-server", ["--port", $"{Port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", Path.GetTempPath(), .. _arguments]));
        // Another process may listen on the port, and answer.
        return process.UntilAsync(() =>
        {
            process.ThrowIfEnded();
            return process.Output.Contains("Ready to accept connections", StringComparison.Ordinal);
        }, TimeSpan.FromSeconds(10));
    }

    public async Task KillAsync()
    {
        if (_process is { } process)
            await process.DisposeAsync();
        _process = null;
    }

    /// <summary>Stops or continues it: connections stay, and nothing answers.</summary>
    public void Signal(string signal) => _process!.Signal(signal);

    public async ValueTask DisposeAsync() => await KillAsync();
}
