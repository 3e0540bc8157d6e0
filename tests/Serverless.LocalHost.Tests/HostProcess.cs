using System.Diagnostics;

namespace Serverless.LocalHost.Tests;

/// <summary>The host in its own process, with a copy of the test worker.</summary>
public sealed class HostProcess : IAsyncDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);
    private static readonly ConcurrentDictionary<Process, bool> Running = [];

    // A null ends each.
    private readonly ConcurrentQueue<string?> _lines = [];
    private readonly ConcurrentQueue<string?> _errors = [];
    private readonly Process _process;
    private readonly string _folder;
    private readonly bool _ownsFolder;

    static HostProcess() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        foreach (var process in Running.Keys)
            process.Kill(entireProcessTree: true);
    };

    private HostProcess(string folder, bool ownsFolder, int port, string[] arguments, IEnumerable<(string Name, string Value)> environment)
    {
        (_folder, _ownsFolder, Port) = (folder, ownsFolder, port);
        Client = new() { BaseAddress = new($"http://127.0.0.1:{port}/"), Timeout = LongestWait };
        var start = new ProcessStartInfo("dotnet", [Output("src/Serverless.LocalHost", "Serverless.LocalHost.dll"), .. arguments])
        { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["Timers__Schedule"] = "0 0 0 1 1 *";
        start.Environment.Remove("AZURE_FUNCTIONS_ENVIRONMENT");
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        _process = new() { StartInfo = start };
        _process.OutputDataReceived += (_, line) => _lines.Enqueue(line.Data);
        _process.ErrorDataReceived += (_, line) => _errors.Enqueue(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Running[_process] = true;
    }

    public int Port { get; }
    public HttpClient Client { get; }

    public IReadOnlyList<string> Lines => [.. _lines.OfType<string>()];
    public IReadOnlyList<string> Errors => [.. _errors.OfType<string>()];

    public static string NewFolder(string? localSettings = null)
    {
        var folder = Directory.CreateTempSubdirectory("localhost-").FullName;
        foreach (var file in Directory.EnumerateFiles(Output("tests/LocalHost.Worker", "")))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        Directory.CreateDirectory(Path.Combine(folder, ".azurefunctions"));
        if (localSettings is not null)
            File.WriteAllText(Path.Combine(folder, "local.settings.json"), localSettings);
        return folder;
    }

    public static async Task<HostProcess> StartAsync(
        string? localSettings = null, string? folder = null, int? port = null, params (string Name, string Value)[] environment)
    {
        var number = port ?? FreePort.Next();
        var host = new HostProcess(
            folder ?? NewFolder(localSettings), folder is null, number, ["start", "--port", $"{number}", "--no-build"], environment);
        await host.UntilAsync(() => host.Lines.Any(l => l.StartsWith("Listening on", StringComparison.Ordinal)) || host._process.HasExited);
        return host._process.HasExited ? throw new InvalidOperationException(string.Join('\n', host.Errors)) : host;
    }

    public static async Task<(int ExitCode, IReadOnlyList<string> Lines, IReadOnlyList<string> Errors)> RunAsync(
        string[] arguments, string? localSettings = null, string? folder = null, params (string Name, string Value)[] environment)
    {
        await using var host = new HostProcess(folder ?? NewFolder(localSettings), folder is null, 0, arguments, environment);
        return (await host.ExitCodeAsync(), host.Lines, host.Errors);
    }

    public async Task<int> ExitCodeAsync()
    {
        using var limit = new CancellationTokenSource(LongestWait);
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    public void Signal(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    public Task UntilPrintedAsync(string text) =>
        UntilAsync(() => Lines.Concat(Errors).Any(l => l.Contains(text, StringComparison.Ordinal)));

    public Task UntilAnswersAsync() =>
        UntilAsync(() => Client.GetAsync("things/empty").GetAwaiter().GetResult().IsSuccessStatusCode);

    public async Task UntilAsync(Func<bool> condition)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            if (clock.Elapsed > LongestWait)
                throw new TimeoutException(string.Join('\n', Lines.Concat(Errors)));
            await Task.Delay(20);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        Running.TryRemove(_process, out _);
        _process.Dispose();
        Client.Dispose();
        if (_ownsFolder)
            Directory.Delete(_folder, recursive: true);
    }

    private static string Output(string project, string file)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        return Path.Combine(RepositoryRoot.Path, project, "bin", configuration, "net10.0", file);
    }
}
