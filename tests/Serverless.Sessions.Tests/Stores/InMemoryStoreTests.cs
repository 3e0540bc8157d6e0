namespace Serverless.Sessions.Tests;

public sealed class InMemoryStoreTests : StoreContract
{
    protected override Stores Stores { get; } = InMemoryStores.Create();
}
