using System.Diagnostics;

namespace EndToEnd.Tests.Hosting;

public sealed class AppProcess : IAsyncDisposable
{
    private const string ConfigurationError = "Configuration error: ";

    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(5);
    private static readonly ConcurrentDictionary<AppProcess, bool> Running = [];

    private readonly List<string> _output = [];
    private readonly DirectoryInfo _folder;
    private readonly Process _process;

    static AppProcess() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        foreach (var app in Running.Keys)
            app.Kill();
    };

    private AppProcess(int port, IReadOnlyDictionary<string, string> settings, params string[] options)
    {
        BaseAddress = new($"http://127.0.0.1:{port}/");
        _folder = FunctionsHost.Prepare(settings);
        _process = OverheardProcess.Start(FunctionsHost.Start(_folder, port, settings, options), Keep);
        Running[this] = true;
    }

    public Uri BaseAddress { get; }

    public bool HasExited => _process.HasExited;

    /// <summary>The process that runs the functions, below the host; another one after the host restarted it.</summary>
    public Process Worker => FunctionsHost.FindWorker(_process.Id) ?? throw new InvalidOperationException($"There is no worker:\n{Output}");

    public string Output => string.Join('\n', LinesAfter(0));

    public IReadOnlyList<string> ConfigurationErrors =>
    [
        .. LinesAfter(0).Select(line => line.IndexOf(ConfigurationError, StringComparison.Ordinal) is var at and >= 0 ? line[(at + ConfigurationError.Length)..] : null)
            .OfType<string>().Distinct(),
    ];

    /// <summary>The lines of the output but for so many at its beginning.</summary>
    public IReadOnlyList<string> LinesAfter(int count)
    {
        lock (_output)
            return _output[count..];
    }

    public int LineCount
    {
        get
        {
            lock (_output)
                return _output.Count;
        }
    }

    /// <summary>Starts the app without waiting for it.</summary>
    public static AppProcess Launch(Func<int, IReadOnlyDictionary<string, string>> settingsFor, params string[] options)
    {
        var port = FreePort.Next();
        return new(port, settingsFor(port), options);
    }

    /// <summary>Starts the app and waits until the demo account can log in.</summary>
    public static async Task<AppProcess> StartAsync(Func<int, IReadOnlyDictionary<string, string>> settingsFor)
    {
        // A free port may be taken by somebody else before the host binds it.
        for (var tries = 3; ; tries--)
        {
            var port = FreePort.Next();
            var settings = settingsFor(port);
            var app = new AppProcess(port, settings);
            try
            {
                await app.WaitUntilReadyAsync(settings["Demo__Email"], settings["Demo__Password"]);
                return app;
            }
            catch (InvalidOperationException) when (tries > 1 && app.Output.Contains("in use", StringComparison.Ordinal))
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

    /// <summary>Ends host and app as a crash would (SIGKILL).</summary>
    public Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        return _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, as a deployment does; then a kill, which Core Tools and Windows always need.</summary>
    public async Task StopAsync()
    {
        if (!OperatingSystem.IsWindows())
        {
            using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
            await kill.WaitForExitAsync();
            await Task.WhenAny(_process.WaitForExitAsync(), Task.Delay(LongestStop));
        }

        await KillAsync();
    }

    /// <returns>The exit code of an app that can't run.</returns>
    public async Task<int> WaitForExitAsync()
    {
        using var patience = new CancellationTokenSource(LongestStart);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!Running.TryRemove(this, out _))
            return;
        await KillAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private void Keep(string line)
    {
        lock (_output)
            _output.Add(line);
    }

    private void Kill()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _folder.Delete(recursive: true);
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
                if ((await client.SendToHostAsync(SessionClient.Get("sessions/status"))).Status == 401)
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
}
