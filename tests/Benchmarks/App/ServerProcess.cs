using System.Diagnostics;
using EndToEnd.Tests.Hosting;

namespace Benchmarks.App;

internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(30);

    private readonly OverheardProcess _overheard;
    private Process _worker = null!;

    private ServerProcess(string project, IReadOnlyDictionary<string, string> settings)
    {
        var port = FreePort.Next();
        Address = new($"http://127.0.0.1:{port}/");
        var folder = FunctionsHost.Prepare(settings, FolderOf(project));
        _overheard = new(FunctionsHost.Start(folder, port, settings), folder);
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
            Host.Refresh();
            return (_worker.TotalProcessorTime, Host.TotalProcessorTime);
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

    private Process Host => _overheard.Process;

    private static string FolderOf(string project) => Path.Combine(RepositoryRoot.Path, ".local", "bench", Path.GetFileName(project));

    /// <summary>Compiles a project ahead, as it is deployed.</summary>
    public static async Task PublishAsync(string project)
    {
        var folder = FolderOf(project);
        string[] arguments =
        [
            "publish", project, "-c", "Release", "-r", "linux-x64", "--self-contained", "false", "-p:PublishReadyToRun=true",
            "-o", folder, "--artifacts-path", $"{folder}.build", "--nologo", "-clp:ErrorsOnly",
        ];
        using var publishing = Process.Start(new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = RepositoryRoot.Path })!;
        await publishing.WaitForExitAsync();
        if (publishing.ExitCode != 0)
            throw new BenchmarkException($"Publishing {project} failed; the errors are above.");
    }

    /// <summary>Starts what was published.</summary>
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
            if (Host.HasExited || clock.Elapsed > TimeSpan.FromMinutes(2))
                throw new BenchmarkException($"The app never logged '{text}':\n{_overheard.Output}");
            await Task.Delay(10);
        }
    }

    public int CountLogged(string text) => _overheard.Lines.Count(line => line.Contains(text, StringComparison.Ordinal));

    public ValueTask DisposeAsync() => _overheard.DisposeAsync();

    private async Task WaitForAnswerAsync(string path)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        for (var clock = Stopwatch.StartNew(); !Host.HasExited && clock.Elapsed < LongestStart; await Task.Delay(2))
        {
            try
            {
                using var answer = await client.GetAsync(new Uri(Address, path));
                if (answer.StatusCode != HttpStatusCode.OK)
                    continue;
                _worker = FunctionsHost.FindWorker(Host.Id) ?? throw new BenchmarkException("There is no worker below the host.");
                var now = DateTime.Now;
                FirstAnswer = ((now - _worker.StartTime).TotalMilliseconds, (now - Host.StartTime).TotalMilliseconds);
                return;
            }
            catch (HttpRequestException)
            {
                // It doesn't listen yet.
            }
        }

        throw new BenchmarkException($"The server doesn't answer on {Address}:\n{_overheard.Output}");
    }
}

internal sealed class BenchmarkException(string message) : Exception(message);
