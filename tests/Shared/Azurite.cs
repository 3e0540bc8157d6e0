using System.Diagnostics;

namespace Serverless.Testing;

/// <summary>Core Tools keep leases in blobs, so with SERVERLESS_HOST=func the other two services run, too.</summary>
public sealed class Azurite : IAsyncDisposable
{
    // Public knowledge, the same in every emulator.
    private const string Account = "devstoreaccount1";
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(60);
    private static readonly bool AllServices = Environment.GetEnvironmentVariable("SERVERLESS_HOST") == "func";

    private readonly string? _location;
    private readonly int _blobPort = AllServices ? FreePort.Next() : 0;
    private readonly int _queuePort = AllServices ? FreePort.Next() : 0;
    private OverheardProcess? _process;

    private Azurite(int port, string? location) => (Port, _location) = (port, location);

    public int Port { get; }

    public Uri TableEndpoint => new($"http://127.0.0.1:{Port}/{Account}");

    public string ConnectionString =>
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};TableEndpoint={TableEndpoint};"
        + (AllServices ? $"BlobEndpoint=http://127.0.0.1:{_blobPort}/{Account};QueueEndpoint=http://127.0.0.1:{_queuePort}/{Account};" : "");

    /// <param name="location">The folder of the data; null keeps it in memory.</param>
    public static Task<Azurite> StartAsync(string? location = null) => FreePort.StartAsync(async port =>
    {
        var azurite = new Azurite(port, location);
        await azurite.StartAgainAsync();
        return azurite;
    });

    public async Task StartAgainAsync()
    {
        if (_process is not null)
            throw new InvalidOperationException("Azurite is running.");
        _process = Launch();
        try
        {
            await WaitUntilItAnswersAsync(_process);
        }
        catch
        {
            await StopAsync();
            throw;
        }
    }

    /// <summary>A kill: a soft stop takes up to 20 s.</summary>
    public async Task StopAsync()
    {
        if (_process is not { } process)
            return;
        _process = null;
        await process.DisposeAsync();
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private OverheardProcess Launch()
    {
        var script = Path.Combine(RepositoryRoot.Path, "node_modules", "azurite", "dist", "src", AllServices ? "azurite.js" : "table/main.js");
        if (!File.Exists(script))
            throw new InvalidOperationException($"Azurite isn't installed: run npm ci in {RepositoryRoot.Path}.");
        string[] storage = _location is null ? ["--inMemoryPersistence"] : ["--location", _location];
        string[] others = AllServices
            ? ["--blobHost", "127.0.0.1", "--blobPort", $"{_blobPort}", "--queueHost", "127.0.0.1", "--queuePort", $"{_queuePort}"]
            : [];
        string[] arguments =
        [
            script, "--tableHost", "127.0.0.1", "--tablePort", $"{Port}",
            "--silent", "--disableTelemetry", "--skipApiVersionCheck",
            // Longer than clients keep idle connections, so that none is closed under a request.
            "--tableKeepAliveTimeout", "600", .. storage, .. others,
        ];
        return new(new("node", arguments));
    }

    private async Task WaitUntilItAnswersAsync(OverheardProcess process)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < LongestStart; await Task.Delay(50))
        {
            process.ThrowIfEnded();
            try
            {
                // Any answer will do; without a signature it is 403.
                using var answer = await client.GetAsync(new Uri($"{TableEndpoint}/Tables"));
                return;
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                // It doesn't listen yet.
            }
        }

        throw new TimeoutException($"Azurite doesn't answer after {LongestStart.TotalSeconds} s: {process.Output}");
    }
}
