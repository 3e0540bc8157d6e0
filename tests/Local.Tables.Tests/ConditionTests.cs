using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace Local.Tables.Tests;

[Collection(AzuriteCollection.Name)]
public sealed class ConditionTests(AzuriteFixture azurite)
{
    [Theory]
    [InlineData(TableUpdateMode.Merge)]
    [InlineData(TableUpdateMode.Replace)]
    public async Task A_conditional_update_with_a_stale_etag_fails_with_412(TableUpdateMode mode)
    {
        var (table, stale) = await ChangedEntityAsync();

        var update = new TableEntity("p", "r") { ["Value"] = 3 };
        var failure = await Assert.ThrowsAsync<RequestFailedException>(() => table.UpdateEntityAsync(update, stale, mode));

        Assert.Equal(412, failure.Status);
        Assert.Equal(TableErrorCode.UpdateConditionNotSatisfied, failure.ErrorCode);
        Assert.Equal(2, await ValueAsync(table));
    }

    [Theory]
    [InlineData(TableUpdateMode.Merge, "kept")]
    [InlineData(TableUpdateMode.Replace, null)]
    public async Task A_conditional_update_with_the_current_etag_succeeds(TableUpdateMode mode, string? other)
    {
        var table = await azurite.NewTableAsync();
        var added = await table.AddEntityAsync(new TableEntity("p", "r") { ["Value"] = 1, ["Other"] = "kept" });

        var updated = await table.UpdateEntityAsync(
            new TableEntity("p", "r") { ["Value"] = 2 }, added.Headers.ETag!.Value, mode);
        var read = (await table.GetEntityAsync<TableEntity>("p", "r")).Value;

        Assert.Equal((2, other), (read.GetInt32("Value"), read.GetString("Other")));
        Assert.Equal(read.ETag, updated.Headers.ETag);
        Assert.NotEqual(added.Headers.ETag, updated.Headers.ETag);
    }

    [Fact]
    public async Task A_conditional_delete_with_a_stale_etag_fails_with_412()
    {
        var (table, stale) = await ChangedEntityAsync();

        var failure = await Assert.ThrowsAsync<RequestFailedException>(() => table.DeleteEntityAsync("p", "r", stale));

        Assert.Equal(412, failure.Status);
        Assert.Equal(2, await ValueAsync(table));
    }

    [Fact]
    public async Task A_delete_takes_the_current_etag_or_none()
    {
        var (table, _) = await ChangedEntityAsync();
        var entity = (await table.GetEntityAsync<TableEntity>("p", "r")).Value;

        Assert.Equal(204, (await table.DeleteEntityAsync(entity, entity.ETag)).Status);

        await table.AddEntityAsync(entity);
        Assert.Equal(204, (await table.DeleteEntityAsync(entity)).Status);
        Assert.False((await table.GetEntityIfExistsAsync<TableEntity>("p", "r")).HasValue);
    }

    [Theory]
    [InlineData(TableUpdateMode.Merge)]
    [InlineData(TableUpdateMode.Replace)]
    public async Task An_update_of_what_isnt_there_fails_with_404(TableUpdateMode mode)
    {
        var table = await azurite.NewTableAsync();

        var failure = await Assert.ThrowsAsync<RequestFailedException>(
            () => table.UpdateEntityAsync(new TableEntity("p", "r"), ETag.All, mode));

        Assert.Equal(404, failure.Status);
        Assert.Equal(TableErrorCode.ResourceNotFound, failure.ErrorCode);
    }

    [Fact]
    public async Task An_update_needs_an_etag() => await Assert.ThrowsAsync<ArgumentException>(
        () => azurite.MissingTable().UpdateEntityAsync(new TableEntity("p", "r"), default));

    [Theory]
    [InlineData(TableUpdateMode.Merge, "kept")]
    [InlineData(TableUpdateMode.Replace, null)]
    public async Task An_upsert_inserts_and_then_updates(TableUpdateMode mode, string? other)
    {
        var table = await azurite.NewTableAsync();

        await table.UpsertEntityAsync(new TableEntity("p", "r") { ["Value"] = 1, ["Other"] = "kept" }, mode);
        await table.UpsertEntityAsync(new TableEntity("p", "r") { ["Value"] = 2 }, mode);
        var read = (await table.GetEntityAsync<TableEntity>("p", "r")).Value;

        Assert.Equal((2, other), (read.GetInt32("Value"), read.GetString("Other")));
    }

    [Fact]
    public async Task An_insert_of_what_is_there_fails_with_EntityAlreadyExists()
    {
        var table = await azurite.NewTableAsync();
        await table.AddEntityAsync(new TableEntity("p", "r") { ["Value"] = 2 });

        var failure = await Assert.ThrowsAsync<RequestFailedException>(
            () => table.AddEntityAsync(new TableEntity("p", "r") { ["Value"] = 3 }));

        Assert.Equal(409, failure.Status);
        Assert.Equal(TableErrorCode.EntityAlreadyExists, failure.ErrorCode);
        Assert.Equal(2, await ValueAsync(table));
    }

    private async Task<(TableClient Table, ETag Stale)> ChangedEntityAsync()
    {
        var table = await azurite.NewTableAsync();
        var added = await table.AddEntityAsync(new TableEntity("p", "r") { ["Value"] = 1 });
        await table.UpsertEntityAsync(new TableEntity("p", "r") { ["Value"] = 2 });
        return (table, added.Headers.ETag!.Value);
    }

    private static async Task<int?> ValueAsync(TableClient table) =>
        (await table.GetEntityAsync<TableEntity>("p", "r")).Value.GetInt32("Value");
}
