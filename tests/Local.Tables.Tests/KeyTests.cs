using Azure.Data.Tables;

namespace Local.Tables.Tests;

[Collection(AzuriteCollection.Name)]
public sealed class KeyTests(AzuriteFixture azurite)
{
    public static TheoryData<string> Keys =>
    [
        "plain", "O'Brien", "''", "it's 'quoted'", "two words", " edge ", "100%", "%27", "a+b", "a&b=c", "a;b,c", "(x)", "[1]{2}",
        "s:9f:x", "$filter",
        "' or RowKey ne '", "a@b.example", "Grüße", "世界", "😀", "a|b~c", "\"double\"", "<tag>", "..", "*",
    ];

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task A_key_of_any_characters_names_its_own_entity_only(string key)
    {
        var table = await azurite.NewTableAsync();
        await table.AddEntityAsync(new TableEntity("other", "other"));
        await table.AddEntityAsync(new TableEntity(key, key) { ["Value"] = 1 });

        var updated = await table.UpsertEntityAsync(new TableEntity(key, key) { ["Value"] = 2 }, TableUpdateMode.Replace);
        var read = (await table.GetEntityAsync<TableEntity>(key, key)).Value;

        Assert.Equal((key, key, 2), (read.PartitionKey, read.RowKey, read.GetInt32("Value")));
        Assert.Equal(updated.Headers.ETag, read.ETag);
        Assert.Equal(204, (await table.DeleteEntityAsync(key, key)).Status);
        Assert.Equal(["other"], await table.QueryAsync<TableEntity>().Select(entity => entity.RowKey).ToListAsync());
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task A_key_of_any_characters_works_in_a_transaction(string key)
    {
        var table = await azurite.NewTableAsync();
        await table.AddEntityAsync(new TableEntity(key, key) { ["Value"] = 1 });

        await table.SubmitTransactionAsync(
        [
            new(TableTransactionActionType.UpdateMerge, new TableEntity(key, key) { ["Value"] = 2 }),
            new(TableTransactionActionType.Add, new TableEntity(key, key + "2") { ["Text"] = key }),
        ]);

        Assert.Equal(2, (await table.GetEntityAsync<TableEntity>(key, key)).Value.GetInt32("Value"));
        Assert.Equal(key, (await table.GetEntityAsync<TableEntity>(key, key + "2")).Value.GetString("Text"));
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task A_filter_finds_a_value_of_any_characters_and_nothing_else(string value)
    {
        var table = await azurite.NewTableAsync();
        await table.AddEntityAsync(new TableEntity("p", "1") { ["Value"] = value });
        await table.AddEntityAsync(new TableEntity("p", "2") { ["Value"] = value + "x" });

        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {"p"} and Value eq {value}");
        var found = await table.QueryAsync<TableEntity>(filter).ToListAsync();

        Assert.Equal("1", Assert.Single(found).RowKey);
    }
}
