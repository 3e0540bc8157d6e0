using System.Globalization;
using Azure.Data.Tables;

namespace Local.Tables.Tests;

[Collection(AzuriteCollection.Name)]
public sealed class PagingTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task More_than_a_page_of_rows_come_once_each_and_in_order()
    {
        var (table, keys) = await FillAsync("p", 1_250);

        var rows = await table.QueryAsync<TableEntity>().ToListAsync();
        var pages = await table.QueryAsync<TableEntity>().AsPages().ToListAsync();

        Assert.Equal(keys, rows.Select(row => row.RowKey));
        Assert.Equal([1_000, 250], pages.Select(page => page.Values.Count));
        Assert.NotNull(pages[0].ContinuationToken);
        Assert.Null(pages[1].ContinuationToken);
    }

    [Fact]
    public async Task A_query_goes_on_from_a_token_in_another_client()
    {
        var (table, keys) = await FillAsync("p's ключ 世界", 10);
        var first = await table.QueryAsync<TableEntity>(maxPerPage: 4).AsPages().FirstAsync();

        var again = new TableClient(azurite.ConnectionString, table.Name);
        var rest = await again.QueryAsync<TableEntity>(maxPerPage: 4).AsPages(first.ContinuationToken).ToListAsync();

        Assert.Equal(keys[..4], first.Values.Select(row => row.RowKey));
        Assert.Equal(keys[4..], rest.SelectMany(page => page.Values).Select(row => row.RowKey));
        Assert.Contains(' ', first.ContinuationToken!);
    }

    [Fact]
    public async Task A_page_size_hint_goes_before_the_querys_own()
    {
        var (table, _) = await FillAsync("p", 10);

        var pages = await table.QueryAsync<TableEntity>(maxPerPage: 4).AsPages(pageSizeHint: 7).ToListAsync();

        Assert.Equal([7, 3], pages.Select(page => page.Values.Count));
    }

    [Fact]
    public async Task A_filter_holds_on_every_page()
    {
        var (table, keys) = await FillAsync("p", 30);

        var filter = TableClient.CreateQueryFilter($"RowKey ge {keys[5]} and RowKey lt {keys[25]}");
        var rows = await table.QueryAsync<TableEntity>(filter, maxPerPage: 6).ToListAsync();

        Assert.Equal(keys[5..25], rows.Select(row => row.RowKey));
    }

    [Fact]
    public async Task Only_selected_properties_are_read()
    {
        var (table, _) = await FillAsync("p", 2);

        var row = await table.QueryAsync<TableEntity>(select: ["RowKey", "Number"]).FirstAsync();
        var entity = (await table.GetEntityAsync<TableEntity>("p", row.RowKey, ["Number"])).Value;

        Assert.Equal(0, row.GetInt32("Number"));
        Assert.False(row.ContainsKey("Text"));
        Assert.Equal(0, entity.GetInt32("Number"));
        Assert.False(entity.ContainsKey("Text"));
    }

    [Fact]
    public async Task Rows_with_different_properties_dont_mix()
    {
        var table = await azurite.NewTableAsync();
        await table.AddEntityAsync(new TableEntity("p", "1") { ["A"] = 1L, ["B"] = "b" });
        await table.AddEntityAsync(new TableEntity("p", "2") { ["B"] = Guid.Empty });
        await table.AddEntityAsync(new TableEntity("p", "3") { ["A"] = "a", ["C"] = 1.0 });

        var rows = await table.QueryAsync<TableEntity>().ToListAsync();

        Assert.Equal((1L, "b", null), (rows[0]["A"], rows[0]["B"], rows[0]["C"]));
        Assert.Equal((null, Guid.Empty, null), (rows[1]["A"], rows[1]["B"], rows[1]["C"]));
        Assert.Equal(("a", null, 1.0), (rows[2]["A"], rows[2]["B"], rows[2]["C"]));
    }

    [Fact]
    public async Task Tables_are_listed_by_filter_over_pages()
    {
        var service = new TableServiceClient(azurite.ConnectionString);
        var prefix = AzuriteFixture.NewName();
        string[] names = [prefix + "a", prefix + "b", prefix + "c"];
        foreach (var name in names)
            await service.CreateTableAsync(name);

        var filter = TableServiceClient.CreateQueryFilter($"TableName ge {prefix} and TableName lt {prefix + "d"}");
        var found = await service.QueryAsync(filter, maxPerPage: 2).ToListAsync();

        Assert.Equal(names, found.Select(table => table.Name));
    }

    private async Task<(TableClient Table, string[] Keys)> FillAsync(string partitionKey, int count)
    {
        var table = await azurite.NewTableAsync();
        var keys = Enumerable.Range(0, count).Select(number => number.ToString("D5", CultureInfo.InvariantCulture)).ToArray();
        foreach (var chunk in keys.Chunk(100))
        {
            await table.SubmitTransactionAsync(chunk.Select(key => new TableTransactionAction(
                TableTransactionActionType.Add,
                new TableEntity(partitionKey, key)
                {
                    ["Number"] = int.Parse(key, CultureInfo.InvariantCulture),
                    ["Text"] = "text",
                })));
        }

        return (table, keys);
    }
}
