using System.Diagnostics;
using EndToEnd.Tests.Hosting;

namespace Benchmarks.App;

internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(30);
    private static readonly ConcurrentDictionary<ServerProcess, bool> Running = [];

    private readonly ConcurrentQueue<string?> _output = [];
    private readonly DirectoryInfo _folder;
    private readonly Process _host;
    private Process _worker = null!;

    static ServerProcess() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        foreach (var server in Running.Keys)
            server.Kill();
    };

    private ServerProcess(string project, IReadOnlyDictionary<string, string> settings)
    {
        var port = FreePort.Next();
        Address = new($"http://127.0.0.1:{port}/");
        _folder = FunctionsHost.Prepare(settings, project);
        _host = new() { StartInfo = FunctionsHost.Start(_folder, port, settings) };
        _host.OutputDataReceived += (_, line) => _output.Enqueue(line.Data);
        _host.ErrorDataReceived += (_, line) => _output.Enqueue(line.Data);
        _host.Start();
        Running[this] = true;
        _host.BeginOutputReadLine();
        _host.BeginErrorReadLine();
    }

    public Uri Address { get; }

    /// <summary>The first answer, in milliseconds from the start of the worker's process and of the host's.</summary>
    public (double FromWorker, double FromHost) FirstAnswer { get; private set; }

    /// <summary>What the worker and the host have spent so far, over all cores.</summary>
    public (TimeSpan Worker, TimeSpan Host) Cpu
    {
        get
        {
            _worker.Refresh();
            _host.Refresh();
            return (_worker.TotalProcessorTime, _host.TotalProcessorTime);
        }
    }

    public double WorkerMb
    {
        get
        {
            _worker.Refresh();
            return _worker.WorkingSet64 / 1024.0 / 1024.0;
        }
    }

    public static async Task<ServerProcess> StartAsync(string project, IReadOnlyDictionary<string, string> settings, string firstAsked)
    {
        var server = new ServerProcess(project, settings);
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

    public async Task LogsAsync(string text, int times)
    {
        var clock = Stopwatch.StartNew();
        while (CountLogged(text) < times)
        {
            if (_host.HasExited || clock.Elapsed > TimeSpan.FromMinutes(2))
                throw new BenchmarkException($"The app never logged '{text}':\n{string.Join('\n', _output)}");
            await Task.Delay(10);
        }
    }

    public int CountLogged(string text) => _output.Count(line => line?.Contains(text, StringComparison.Ordinal) == true);

    public ValueTask DisposeAsync()
    {
        if (Running.TryRemove(this, out _))
            Kill();
        return ValueTask.CompletedTask;
    }

    private void Kill()
    {
        _host.Kill(entireProcessTree: true);
        _host.WaitForExit();
        _folder.Delete(recursive: true);
    }

    private async Task WaitForAnswerAsync(string path)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        for (var clock = Stopwatch.StartNew(); !_host.HasExited && clock.Elapsed < LongestStart; await Task.Delay(2))
        {
            try
            {
                using var answer = await client.GetAsync(new Uri(Address, path));
                if (answer.StatusCode != HttpStatusCode.OK)
                    continue;
                _worker = FunctionsHost.FindWorker(_host.Id) ?? throw new BenchmarkException("There is no worker below the host.");
                var now = DateTime.Now;
                FirstAnswer = ((now - _worker.StartTime).TotalMilliseconds, (now - _host.StartTime).TotalMilliseconds);
                return;
            }
            catch (HttpRequestException)
            {
                // It doesn't listen yet.
            }
        }

        throw new BenchmarkException($"The server doesn't answer on {Address}:\n{string.Join('\n', _output)}");
    }
}

internal sealed class BenchmarkException(string message) : Exception(message);
