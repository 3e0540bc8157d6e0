namespace EndToEnd.Tests.Hosting;

public sealed class OwnApp : IAsyncDisposable
{
    private OwnApp(Azurite azurite, AppProcess process)
    {
        (Azurite, Process) = (azurite, process);
        (Client, Tables) = (new(process.BaseAddress), new(azurite.ConnectionString));
    }

    public Azurite Azurite { get; }
    public AppProcess Process { get; }
    public SessionClient Client { get; }
    public Tables Tables { get; }

    public static Task<OwnApp> StartAsync(params (string Name, string Value)[] settings) => StartAsync(location: null, settings);

    /// <param name="location">The folder of the storage; null keeps it in memory.</param>
    public static async Task<OwnApp> StartAsync(string? location, params (string Name, string Value)[] settings)
    {
        var azurite = await Azurite.StartAsync(location);
        return new(azurite, await AppProcess.StartAsync(port =>
            AppSettings.For(azurite.ConnectionString, port, TimeSpan.FromSeconds(30), settings)));
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Process.DisposeAsync();
        await Azurite.DisposeAsync();
    }
}
