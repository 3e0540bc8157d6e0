using System.Diagnostics;

namespace Serverless.LocalHost.Tests;

/// <summary>The host in its own process, with a copy of the test worker.</summary>
public sealed class HostProcess : IAsyncDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private readonly OverheardProcess _process;

    private HostProcess(
        string[] arguments, int port, string? localSettings, string? folder, IEnumerable<(string Name, string Value)> environment)
    {
        Port = port;
        Client = new() { BaseAddress = new($"http://127.0.0.1:{port}/"), Timeout = LongestWait };
        var own = folder is null ? new DirectoryInfo(NewFolder(localSettings)) : null;
        var host = Path.Combine(RepositoryRoot.OutputOf("src/Serverless.LocalHost"), "Serverless.LocalHost.dll");
        var start = new ProcessStartInfo("dotnet", [host, .. arguments]) { WorkingDirectory = folder ?? own!.FullName };
        start.Environment["Timers__Schedule"] = "0 0 0 1 1 *";
        start.Environment.Remove("AZURE_FUNCTIONS_ENVIRONMENT");
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        _process = new(start, own);
    }

    public int Port { get; }
    public HttpClient Client { get; }

    public IReadOnlyList<string> Lines => _process.LinesOf(errors: false);
    public IReadOnlyList<string> Errors => _process.LinesOf(errors: true);

    public static string NewFolder(string? localSettings = null)
    {
        var folder = Directory.CreateTempSubdirectory("localhost-").FullName;
        foreach (var file in Directory.EnumerateFiles(RepositoryRoot.OutputOf("tests/LocalHost.Worker")))
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
        var host = new HostProcess(["start", "--port", $"{number}", "--no-build"], number, localSettings, folder, environment);
        var process = host._process;
        await host.UntilAsync(() =>
            process.Process.HasExited || host.Lines.Any(l => l.StartsWith("Listening on", StringComparison.Ordinal)));
        process.ThrowIfEnded();
        return host;
    }

    public static async Task<(int ExitCode, IReadOnlyList<string> Lines, IReadOnlyList<string> Errors)> RunAsync(
        string[] arguments, string? localSettings = null, string? folder = null, params (string Name, string Value)[] environment)
    {
        await using var host = new HostProcess(arguments, 0, localSettings, folder, environment);
        return (await host.ExitCodeAsync(), host.Lines, host.Errors);
    }

    public Task<int> ExitCodeAsync() => _process.ExitCodeAsync(LongestWait);
    public void Signal(string signal) => _process.Signal(signal);
    public Task UntilPrintedAsync(string text) => _process.UntilPrintedAsync(text, LongestWait);

    public Task UntilAnswersAsync() =>
        UntilAsync(() => Client.GetAsync("things/empty").GetAwaiter().GetResult().IsSuccessStatusCode);

    public Task UntilAsync(Func<bool> condition) => _process.UntilAsync(condition, LongestWait);

    public ValueTask DisposeAsync()
    {
        Client.Dispose();
        return _process.DisposeAsync();
    }
}
