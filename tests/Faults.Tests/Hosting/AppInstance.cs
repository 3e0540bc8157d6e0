namespace Faults.Tests.Hosting;

/// <summary>An app with its own tables behind the proxy, and what a test needs to set scenes there.</summary>
public sealed class AppInstance : IAsyncDisposable
{
    internal static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    private readonly Azurite _azurite;
    private readonly StorageProxy _proxy;
    private readonly (string Name, string Value)[] _settings;

    /// <summary>Without an app, as a test needs it whose subject is the start.</summary>
    public AppInstance(Azurite azurite, StorageProxy proxy, params (string Name, string Value)[] settings)
    {
        (_azurite, _proxy, _settings) = (azurite, proxy, settings);
        Prefix = $"F{Guid.NewGuid():N}"[..9];
        Traffic = proxy.TrafficOf(Prefix);
        Bench = new(azurite.ConnectionString, Prefix, Traffic);
    }

    public string Prefix { get; }
    public Traffic Traffic { get; }
    public Bench Bench { get; }
    public AppProcess App { get; private set; } = null!;
    public SessionClient Client { get; private set; } = null!;

    /// <summary>Gets the app's mail.</summary>
    public MailServer Mails { get; set; } = null!;

    public static async Task<AppInstance> StartAsync(Azurite azurite, StorageProxy proxy, params (string Name, string Value)[] settings)
    {
        var station = new AppInstance(azurite, proxy, settings);
        await station.Bench.PrepareAsync();
        station.App = await AppProcess.StartAsync(port => station.SettingsFor(port));
        station.Client = new(station.App.BaseAddress);
        return station;
    }

    public AppProcess Launch(TimeSpan timeout) => AppProcess.Launch(port => SettingsFor(port, ("Storage__NetworkTimeout", $"{timeout}")));

    /// <summary>A change that died may leave an epoch open that its account never had; the next change, here, closes it.</summary>
    public async Task<Rows> ReadAsync()
    {
        var rows = await Rows.ReadAsync(_azurite.ConnectionString, Prefix);
        var left = rows.AccountsBeside(epoch => !Traffic.Epochs.ContainsKey(epoch));
        foreach (var account in left)
            await Bench.ChangeAsync(account);
        return left.Count == 0 ? rows : await Rows.ReadAsync(_azurite.ConnectionString, Prefix);
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        if (App is not null)
            await App.DisposeAsync();
        await Bench.DisposeAsync();
    }

    private IReadOnlyDictionary<string, string> SettingsFor(int port, params (string Name, string Value)[] others) => AppSettings.For(
        _proxy.ConnectionString, port, TimeSpan.FromSeconds(30),
        [
            ("Storage__TablePrefix", Prefix), ("Storage__TimelineShards", $"{Bench.Shards}"), ("Storage__NetworkTimeout", $"{Timeout}"),
            // Every process of a station takes the tokens of the others.
            ("Tokens__Issuer", Bench.Issuer), ("Tokens__Audience", Bench.Audience), ("Administrator__Email", ""),
            // Messages would follow an answer at any time.
            ("Push__Subject", ""),
            .. _settings, .. others,
        ]);
}
