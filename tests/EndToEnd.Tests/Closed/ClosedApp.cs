namespace EndToEnd.Tests.Closed;

/// <summary>An app with everything turned off that a setting can turn off; its tests may also harm it.</summary>
public sealed class ClosedApp : IAsyncLifetime
{
    private Azurite? _azurite;
    private AppProcess? _process;

    public SessionClient Client { get; private set; } = null!;
    public Tables Tables { get; private set; } = null!;

    public string Output => _process?.Output ?? "";

    public async Task InitializeAsync()
    {
        var azurite = _azurite = await Azurite.StartAsync();
        _process = await AppProcess.StartAsync(port => AppSettings.For(
            azurite.ConnectionString, port, TimeSpan.FromSeconds(30),
            ("Cookies__AllowedOrigins", ""), ("Feed__Public", "false"), ("Registration__Enabled", "false")));
        Client = new(_process.BaseAddress);
        Tables = new(azurite.ConnectionString);
    }

    public async Task DisposeAsync()
    {
        Client?.Dispose();
        if (_process is not null)
            await _process.DisposeAsync();
        if (_azurite is not null)
            await _azurite.DisposeAsync();
        // Failures are wanted here, and not even they may tell of people.
        Assert.Equal([], Overheard.SecretsIn(Output));
        Assert.Equal([], Overheard.PeopleIn(Output));
    }

    public async Task<Answer> LoginAsync() => (await Client.LoginAsync(AppSettings.Email, AppSettings.Password)).IsOk();
}

[CollectionDefinition(nameof(ClosedApp))]
public sealed class ClosedAppCollection : ICollectionFixture<ClosedApp>;
