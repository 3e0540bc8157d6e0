namespace Serverless.LocalHost.Tests;

/// <summary>One host, with settings of a file and of the environment, for all tests that don't end it.</summary>
public sealed class SharedHost : IAsyncLifetime
{
    private const string Settings = """
        {
          // Comments and trailing commas are allowed.
          "IsEncrypted": false,
          "Values": { "FROM_FILE": "file", "EMPTY_OUTSIDE": "file", "SET_OUTSIDE": "file", },
          "Host": { "CORS": "http://localhost:3000, https://app.example.com", "CORSCredentials": true },
        }
        """;

    public HostProcess Host { get; private set; } = null!;

    public async Task InitializeAsync() => Host = await HostProcess.StartAsync(
        Settings, environment: [("EMPTY_OUTSIDE", ""), ("SET_OUTSIDE", "outside"), ("ASPNETCORE_URLS", "http://127.0.0.1:1")]);

    public async Task DisposeAsync() => await Host.DisposeAsync();
}

[CollectionDefinition(nameof(SharedHost))]
public sealed class SharedHostCollection : ICollectionFixture<SharedHost>;
