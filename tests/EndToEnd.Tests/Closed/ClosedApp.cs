namespace EndToEnd.Tests.Closed;

/// <summary>An app with everything turned off that a setting can turn off; its tests may also harm it.</summary>
public sealed class ClosedApp : IAsyncLifetime
{
    private OwnApp _own = null!;

    public SessionClient Client => _own.Client;
    public Tables Tables => _own.Tables;
    public string Output => _own.Process.Output;

    public async Task InitializeAsync() => _own = await OwnApp.StartAsync(
        ("Cookies__AllowedOrigins", ""), ("Feed__Public", "false"), ("Registration__Enabled", "false"), ("Passkeys__RelyingPartyId", ""),
        ("Sessions__Grase", "00:01:00"));

    public async Task DisposeAsync()
    {
        await _own.DisposeAsync();
        // Failures are wanted here, and not even they may tell of people.
        Assert.Equal([], Overheard.SecretsIn(Output));
        Assert.Equal([], Overheard.PeopleIn(Output));
    }

    public async Task<Answer> LoginAsync() => (await Client.LoginAsync(AppSettings.Email, AppSettings.Password)).IsOk();
}

[CollectionDefinition(nameof(ClosedApp))]
public sealed class ClosedAppCollection : ICollectionFixture<ClosedApp>;
