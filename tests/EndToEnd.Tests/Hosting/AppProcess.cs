using System.Diagnostics;

namespace EndToEnd.Tests.Hosting;

public sealed class AppProcess : IAsyncDisposable
{
    private const string ConfigurationError = "Configuration error: ";

    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(5);

    private readonly OverheardProcess _process;

    private AppProcess(int port, IReadOnlyDictionary<string, string> settings, string[]? options = null, Action<DirectoryInfo>? damage = null)
    {
        BaseAddress = new($"http://127.0.0.1:{port}/");
        var folder = FunctionsHost.Prepare(settings);
        damage?.Invoke(folder);
        _process = new(FunctionsHost.Start(folder, port, settings, options ?? []), folder);
    }

    public Uri BaseAddress { get; }

    public bool HasExited => _process.Process.HasExited;

    /// <summary>The process that runs the functions, below the host; another one after the host restarted it.</summary>
    public Process Worker =>
        FunctionsHost.FindWorker(_process.Process.Id) ?? throw new InvalidOperationException($"There is no worker:\n{Output}");

    public IEnumerable<string> Lines => _process.Lines;
    public string Output => _process.Output;

    public IReadOnlyList<string> ConfigurationErrors =>
        [.. Lines.SelectMany(line => line.Split(ConfigurationError, 2).Skip(1)).Distinct()];

    /// <summary>Starts the app without waiting for it.</summary>
    public static AppProcess Launch(Func<int, IReadOnlyDictionary<string, string>> settingsFor, params string[] options)
    {
        var port = FreePort.Next();
        return new(port, settingsFor(port), options);
    }

    /// <summary>Starts the app and waits until the demo account can log in.</summary>
    /// <param name="damage">Changes the app's own copy of its files first.</param>
    public static Task<AppProcess> StartAsync(
        Func<int, IReadOnlyDictionary<string, string>> settingsFor, Action<DirectoryInfo>? damage = null) =>
        FreePort.StartAsync(async port =>
        {
            var settings = settingsFor(port);
            var app = new AppProcess(port, settings, damage: damage);
            try
            {
                await app.WaitUntilReadyAsync(settings["Demo__Email"], settings["Demo__Password"]);
                return app;
            }
            catch
            {
                await app.DisposeAsync();
                throw;
            }
        });

    public Task UntilPrintedAsync(string text) => _process.UntilPrintedAsync(text, LongestStart);
    public Task KillAsync() => _process.KillAsync();

    /// <summary>SIGTERM, as a deployment does; then a kill, which Core Tools and Windows always need.</summary>
    public async Task StopAsync()
    {
        if (!OperatingSystem.IsWindows())
        {
            _process.Signal("TERM");
            await Task.WhenAny(_process.Process.WaitForExitAsync(), Task.Delay(LongestStop));
        }

        await KillAsync();
    }

    /// <returns>The exit code of an app that can't run.</returns>
    public Task<int> WaitForExitAsync() => _process.ExitCodeAsync(LongestStart);

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private async Task WaitUntilReadyAsync(string email, string password)
    {
        using var client = new SessionClient(BaseAddress);
        var last = "no answer";
        var patience = TimeSpan.FromMilliseconds(150);
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < LongestStart; await Task.Delay(patience))
        {
            _process.ThrowIfEnded();
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
        }

        throw new TimeoutException($"The app isn't ready after {LongestStart.TotalSeconds} s ({last}):\n{Output}");
    }
}
