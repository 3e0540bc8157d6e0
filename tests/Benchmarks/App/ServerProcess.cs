using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Benchmarks.App;

/// <summary>A server in a process of its own: the app, or what it is compared with.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(30);
    private static readonly ConcurrentDictionary<Process, bool> Running = [];

    private readonly ConcurrentQueue<string?> _output = [];
    private readonly Process _process;
    private readonly long _startedAt;

    static ServerProcess() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        foreach (var process in Running.Keys)
            process.Kill(entireProcessTree: true);
    };

    private ServerProcess(string assembly, IEnumerable<string> arguments, int port, IReadOnlyDictionary<string, string> settings)
    {
        var start = new ProcessStartInfo("dotnet", [assembly, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        // It would win over the port.
        start.Environment.Remove("ASPNETCORE_URLS");

        Address = new($"http://127.0.0.1:{port}/");
        _process = new() { StartInfo = start };
        _process.OutputDataReceived += (_, line) => _output.Enqueue(line.Data);
        _process.ErrorDataReceived += (_, line) => _output.Enqueue(line.Data);
        _startedAt = Stopwatch.GetTimestamp();
        _process.Start();
        Running[_process] = true;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public Uri Address { get; }

    /// <summary>From the start of the process to its first answer.</summary>
    public TimeSpan FirstAnswer { get; private set; }

    /// <summary>What it has spent so far, over all cores.</summary>
    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public double ResidentMb
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / 1024.0 / 1024.0;
        }
    }

    /// <summary>Starts it and waits for an answer, of whatever status.</summary>
    public static async Task<ServerProcess> StartAsync(
        string assembly, IEnumerable<string> arguments, int port, IReadOnlyDictionary<string, string> settings, string firstAsked)
    {
        var server = new ServerProcess(assembly, arguments, port, settings);
        try
        {
            await server.WaitForAnswerAsync(firstAsked);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Waits until it has logged a line with this text more often than before.</summary>
    public async Task LogsAsync(string text, int times)
    {
        var clock = Stopwatch.StartNew();
        while (CountLogged(text) < times)
        {
            if (_process.HasExited || clock.Elapsed > TimeSpan.FromMinutes(2))
                throw new BenchmarkException($"The app never logged '{text}':\n{string.Join('\n', _output)}");
            await Task.Delay(10);
        }
    }

    public int CountLogged(string text) => _output.Count(line => line?.Contains(text, StringComparison.Ordinal) == true);

    public async ValueTask DisposeAsync()
    {
        if (!Running.TryRemove(_process, out _))
            return;
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task WaitForAnswerAsync(string path)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        while (true)
        {
            try
            {
                using var answer = await client.GetAsync(new Uri(Address, path));
                FirstAnswer = Stopwatch.GetElapsedTime(_startedAt);
                return;
            }
            catch (HttpRequestException) when (!_process.HasExited && Stopwatch.GetElapsedTime(_startedAt) < LongestStart)
            {
                await Task.Delay(2);
            }
            catch (HttpRequestException)
            {
                throw new BenchmarkException($"The server doesn't answer on {Address}:\n{string.Join('\n', _output)}");
            }
        }
    }
}

/// <summary>An expected end: a sentence for who runs the benchmark.</summary>
internal sealed class BenchmarkException(string message) : Exception(message);
