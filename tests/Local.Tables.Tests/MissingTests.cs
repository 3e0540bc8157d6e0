using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace Local.Tables.Tests;

[Collection(AzuriteCollection.Name)]
public sealed class MissingTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task A_missing_entity_is_ResourceNotFound()
    {
        var table = await azurite.NewTableAsync();

        var failure = await Assert.ThrowsAsync<RequestFailedException>(() => table.GetEntityAsync<TableEntity>("p", "r"));

        Assert.Equal(404, failure.Status);
        Assert.Equal(TableErrorCode.ResourceNotFound, failure.ErrorCode);
    }

    [Fact]
    public async Task A_missing_table_is_TableNotFound()
    {
        var table = azurite.MissingTable();

        var insert = await Assert.ThrowsAsync<RequestFailedException>(() => table.AddEntityAsync(new TableEntity("p", "r")));
        var query = await Assert.ThrowsAsync<RequestFailedException>(
            async () => await table.QueryAsync<TableEntity>().ToListAsync());

        Assert.Equal((404, "TableNotFound"), (insert.Status, insert.ErrorCode));
        Assert.Equal((404, "TableNotFound"), (query.Status, query.ErrorCode));
    }

    [Fact]
    public async Task A_read_that_allows_for_it_tells_that_an_entity_is_missing()
    {
        var table = await azurite.NewTableAsync();

        var missing = await table.GetEntityIfExistsAsync<TableEntity>("p", "r");
        await table.AddEntityAsync(new TableEntity("p", "r"));
        var found = await table.GetEntityIfExistsAsync<TableEntity>("p", "r");

        Assert.False(missing.HasValue);
        Assert.Equal(404, missing.GetRawResponse().Status);
        Assert.Throws<InvalidOperationException>(() => missing.Value);
        Assert.Equal("r", found.Value!.RowKey);
    }

    [Fact]
    public async Task A_read_that_allows_for_it_tells_the_same_of_a_missing_table() =>
        Assert.False((await azurite.MissingTable().GetEntityIfExistsAsync<TableEntity>("p", "r")).HasValue);

    [Fact]
    public async Task A_delete_of_a_missing_entity_answers_404_and_doesnt_throw()
    {
        var table = await azurite.NewTableAsync();

        Assert.Equal(404, (await table.DeleteEntityAsync("p", "r")).Status);
        var version = new ETag("W/\"datetime'2024-01-01T00%3A00%3A00.0Z'\"");
        Assert.Equal(404, (await table.DeleteEntityAsync("p", "r", version)).Status);
    }

    [Fact]
    public async Task A_table_is_made_once()
    {
        var table = azurite.MissingTable();

        Assert.Equal(204, (await table.CreateIfNotExistsAsync()).GetRawResponse().Status);
        Assert.Equal(409, (await table.CreateIfNotExistsAsync()).GetRawResponse().Status);
        var failure = await Assert.ThrowsAsync<RequestFailedException>(() => table.CreateAsync());
        Assert.Equal((409, "TableAlreadyExists"), (failure.Status, failure.ErrorCode));
    }

    [Fact]
    public async Task A_table_is_made_and_deleted_by_the_service_client()
    {
        var service = new TableServiceClient(azurite.ConnectionString);
        var name = AzuriteFixture.NewName();

        Assert.Equal(name, (await service.CreateTableIfNotExistsAsync(name)).Value.Name);
        Assert.Equal(409, (await service.CreateTableIfNotExistsAsync(name)).GetRawResponse().Status);
        await service.GetTableClient(name).AddEntityAsync(new TableEntity("p", "r"));
        Assert.Equal(204, (await service.DeleteTableAsync(name)).Status);
        Assert.Equal(404, (await service.DeleteTableAsync(name)).Status);
        Assert.Equal(404, (await service.GetTableClient(name).DeleteAsync()).Status);
    }
}
