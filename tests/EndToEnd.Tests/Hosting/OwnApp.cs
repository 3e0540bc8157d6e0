namespace EndToEnd.Tests.Hosting;

public sealed class OwnApp : IAsyncDisposable
{
    private static int _apps;

    private OwnApp(AppProcess process, Tables tables) => (Process, Tables, Client) = (process, tables, new(process.BaseAddress));

    /// <summary>For the tests that never stop theirs, each with tables of its own; ends with the tests.</summary>
    public static Task<Azurite> Storage { get; } = Azurite.StartAsync();

    public AppProcess Process { get; }
    public Tables Tables { get; }
    public SessionClient Client { get; }

    public static async Task<OwnApp> StartAsync(params (string Name, string Value)[] settings)
    {
        var prefix = $"app{Interlocked.Increment(ref _apps)}";
        return await StartAsync(await Storage, prefix, [("Storage__TablePrefix", prefix), .. settings]);
    }

    public static Task<OwnApp> StartAsync(Azurite azurite) => StartAsync(azurite, "", []);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Process.DisposeAsync();
    }

    private static async Task<OwnApp> StartAsync(Azurite azurite, string prefix, (string Name, string Value)[] settings)
    {
        var storage = azurite.ConnectionString;
        var process = await AppProcess.StartAsync(port => AppSettings.For(storage, port, TimeSpan.FromSeconds(30), settings));
        return new(process, new(storage, prefix));
    }
}
