namespace Serverless.Tables.Tests;

[Collection(nameof(TableFixture))]
public sealed class TableStoreTests(TableFixture fixture) : StoreContract
{
    protected override Stores Stores { get; } = fixture.CreateStores();
}
