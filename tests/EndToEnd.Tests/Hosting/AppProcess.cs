using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using EndToEnd.Tests.Client;
using Serverless.Testing;

namespace EndToEnd.Tests.Hosting;

/// <summary>The app in a process of its own, with settings of its own, and all that it prints.</summary>
public sealed class AppProcess : IAsyncDisposable
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(60);
    private static readonly ConcurrentDictionary<Process, bool> Running = [];

    private readonly ConcurrentQueue<string> _output = [];
    private readonly ConcurrentQueue<string> _errors = [];
    private readonly Process _process;

    static AppProcess() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        foreach (var process in Running.Keys)
            process.Kill(entireProcessTree: true);
    };

    private AppProcess(int port, IReadOnlyDictionary<string, string> settings, bool byProject = false)
    {
        BaseAddress = new($"http://127.0.0.1:{port}/");
        _process = Launch(port, settings, byProject);
        Running[_process] = true;
    }

    public Uri BaseAddress { get; }

    public bool HasExited => _process.HasExited;

    /// <summary>The memory that it holds.</summary>
    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>The files, sockets and other handles that it has open.</summary>
    public int OpenHandles
    {
        get
        {
            _process.Refresh();
            return OperatingSystem.IsLinux() ? Directory.GetFileSystemEntries($"/proc/{_process.Id}/fd").Length : _process.HandleCount;
        }
    }

    public string Output => string.Join('\n', _output);

    /// <summary>Starts the app and doesn't wait for it.</summary>
    public static AppProcess Launch(Func<int, IReadOnlyDictionary<string, string>> settingsFor)
    {
        ArgumentNullException.ThrowIfNull(settingsFor);
        var port = FreePort();
        return new(port, settingsFor(port));
    }

    /// <summary>Starts the app and waits until the demo account can log in.</summary>
    /// <param name="settingsFor">Its settings, for the port that it gets.</param>
    /// <param name="byProject">By <c>dotnet run</c>, as a developer would, instead of its assembly.</param>
    public static async Task<AppProcess> StartAsync(Func<int, IReadOnlyDictionary<string, string>> settingsFor, bool byProject = false)
    {
        // A free port may be taken by somebody else before the app binds it.
        for (var tries = 3; ; tries--)
        {
            var port = FreePort();
            var settings = settingsFor(port);
            var app = new AppProcess(port, settings, byProject);
            try
            {
                await app.WaitUntilReadyAsync(settings["Demo__Email"], settings["Demo__Password"]);
                return app;
            }
            catch (InvalidOperationException) when (tries > 1 && app.Output.Contains("is in use", StringComparison.Ordinal))
            {
                await app.DisposeAsync();
            }
            catch
            {
                await app.DisposeAsync();
                throw;
            }
        }
    }

    /// <summary>Ends it as a crash would (SIGKILL), in the middle of whatever it does.</summary>
    public Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        return _process.WaitForExitAsync();
    }

    /// <summary>Ends it as a deployment would (SIGTERM): it may finish what it does. Windows knows only the crash.</summary>
    public async Task StopAsync()
    {
        if (OperatingSystem.IsWindows())
        {
            await KillAsync();
            return;
        }

        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
        await _process.WaitForExitAsync();
    }

    /// <summary>Starts an app that can't start, and waits for its end.</summary>
    public static async Task<(int ExitCode, string Output, IReadOnlyList<string> Errors)> RunAsync(
        Func<int, IReadOnlyDictionary<string, string>> settingsFor)
    {
        var port = FreePort();
        await using var app = new AppProcess(port, settingsFor(port));
        using var patience = new CancellationTokenSource(LongestStart);
        await app._process.WaitForExitAsync(patience.Token);
        return (app._process.ExitCode, app.Output, [.. app._errors]);
    }

    public async ValueTask DisposeAsync()
    {
        if (!Running.TryRemove(_process, out _))
            return;
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private Process Launch(int port, IReadOnlyDictionary<string, string> settings, bool byProject)
    {
        if (Flavour != "local")
        {
            throw new InvalidOperationException(
                $"The app was built for the Functions host (AzurePackages={Flavour}) and doesn't run by itself: start it with "
                + "func and set SERVERLESS_BASE_URL, or build with AzurePackages=local.");
        }

        string[] app = byProject ? ["run", "--project", "src/Serverless.Functions", "-c", Configuration, "--"] : [Assembly];
        var start = new ProcessStartInfo("dotnet", [.. app, "--port", $"{port}"])
        {
            WorkingDirectory = byProject ? RepositoryRoot.Path : "",
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        // What is built already is to stay as it is, and no build server is to stay.
        if (byProject)
            (start.Environment["AzurePackages"], start.Environment["MSBUILDDISABLENODEREUSE"]) = (Flavour, "1");
        // Both would win over what is set here.
        start.Environment.Remove("DOTNET_ENVIRONMENT");
        start.Environment.Remove("ASPNETCORE_URLS");

        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => _output.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) =>
        {
            _output.Enqueue(line.Data ?? "");
            if (line.Data is { } error)
                _errors.Enqueue(error);
        };
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private async Task WaitUntilReadyAsync(string email, string password)
    {
        using var client = new SessionClient(BaseAddress);
        var clock = Stopwatch.StartNew();
        var last = "no answer";
        var patience = TimeSpan.FromMilliseconds(150);
        while (clock.Elapsed < LongestStart)
        {
            if (_process.HasExited)
            {
                _process.WaitForExit(); // Until its output has been read to the end.
                throw new InvalidOperationException($"The app ended with code {_process.ExitCode}:\n{Output}");
            }

            try
            {
                if ((await client.StatusAsync("none")).Status == 401)
                {
                    var login = await client.LoginAsync(email, password);
                    if (login.Status == 200)
                        return;
                    // The demo account is made beside the start; trying its password too often would lock it.
                    last = $"the demo login was answered {login}";
                    patience *= 2;
                }
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                last = e.Message;
            }

            await Task.Delay(patience);
        }

        throw new TimeoutException($"The app isn't ready after {LongestStart.TotalSeconds} s ({last}):\n{Output}");
    }

    private static DirectoryInfo Framework => new(AppContext.BaseDirectory);

    // The same (Debug, Release) as these tests.
    private static string Configuration => Framework.Parent!.Name;

    private static string Assembly =>
        Path.Combine(RepositoryRoot.Path, "src", "Serverless.Functions", "bin", Configuration, Framework.Name, "Serverless.Functions.dll");

    private static string? Flavour => typeof(AppProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(attribute => attribute.Key == "AzurePackages")?.Value;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
