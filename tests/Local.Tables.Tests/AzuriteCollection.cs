using Azure.Data.Tables;
using Serverless.Testing;

namespace Local.Tables.Tests;

[CollectionDefinition(Name)]
public sealed class AzuriteCollection : ICollectionFixture<AzuriteFixture>
{
    public const string Name = "Azurite";
}

/// <summary>One Azurite for all tests; each test makes tables of its own.</summary>
public sealed class AzuriteFixture : IAsyncLifetime
{
    private Azurite? _azurite;

    public string ConnectionString => _azurite!.ConnectionString;

    public Uri Endpoint => _azurite!.TableEndpoint;

    public async Task InitializeAsync() => _azurite = await Azurite.StartAsync();

    public async Task DisposeAsync() => await _azurite!.DisposeAsync();

    public static string NewName() => $"T{Guid.NewGuid():N}";

    public TableClient MissingTable(TableClientOptions? options = null) => new(ConnectionString, NewName(), options);

    public async Task<TableClient> NewTableAsync(TableClientOptions? options = null)
    {
        var table = MissingTable(options);
        await table.CreateAsync();
        return table;
    }
}
