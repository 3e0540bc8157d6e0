using System.Globalization;
using Azure;
using Azure.Data.Tables;

namespace Local.Tables.Tests;

[Collection(AzuriteCollection.Name)]
public sealed class TransactionTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task A_hundred_actions_each_answer_with_the_etag_that_a_read_gives()
    {
        var table = await azurite.NewTableAsync();

        var reply = await table.SubmitTransactionAsync(Enumerable.Range(0, 100).Select(number => Add(Key(number))));

        Assert.Equal(202, reply.GetRawResponse().Status);
        Assert.Equal(100, reply.Value.Count);
        Assert.All(reply.Value, part => Assert.Equal(204, part.Status));
        var rows = await table.QueryAsync<TableEntity>().ToListAsync();
        Assert.Equal(rows.Select(row => (ETag?)row.ETag), reply.Value.Select(part => part.Headers.ETag));
    }

    [Fact]
    public async Task An_etag_from_a_transaction_can_be_the_condition_of_the_next()
    {
        var table = await azurite.NewTableAsync();
        var first = await table.SubmitTransactionAsync([Add("a"), Add("b")]);
        var (a, b) = (first.Value[0].Headers.ETag!.Value, first.Value[1].Headers.ETag!.Value);

        var second = await table.SubmitTransactionAsync(
        [
            new(TableTransactionActionType.UpdateReplace, new TableEntity("p", "a") { ["Value"] = 2 }, a),
            new(TableTransactionActionType.Delete, new TableEntity("p", "b"), b),
            Add("c"),
        ]);

        var rows = await table.QueryAsync<TableEntity>().ToListAsync();
        Assert.Equal(["a", "c"], rows.Select(row => row.RowKey));
        Assert.Equal(rows[0].ETag, second.Value[0].Headers.ETag);
        Assert.Equal(rows[1].ETag, second.Value[2].Headers.ETag);
        var stale = await Assert.ThrowsAsync<TableTransactionFailedException>(() => table.SubmitTransactionAsync(
            [Add("d"), new(TableTransactionActionType.UpdateMerge, new TableEntity("p", "a"), a)]));
        Assert.Equal((412, 1), (stale.Status, stale.FailedTransactionActionIndex));
    }

    [Fact]
    public async Task Every_kind_of_action_does_what_its_name_says()
    {
        var table = await azurite.NewTableAsync();
        string[] keys = ["merged", "replaced", "upsert merged", "upsert replaced", "deleted"];
        await table.SubmitTransactionAsync(keys.Select(Add));

        await table.SubmitTransactionAsync(
        [
            new(TableTransactionActionType.UpdateMerge, New("merged"), ETag.All),
            new(TableTransactionActionType.UpdateReplace, New("replaced"), ETag.All),
            new(TableTransactionActionType.UpsertMerge, New("upsert merged")),
            new(TableTransactionActionType.UpsertReplace, New("upsert replaced")),
            new(TableTransactionActionType.Delete, New("deleted")),
            new(TableTransactionActionType.UpsertMerge, New("new by merge")),
            new(TableTransactionActionType.UpsertReplace, New("new by replace")),
        ]);

        var rows = await table.QueryAsync<TableEntity>().ToDictionaryAsync(row => row.RowKey);
        Assert.Equal(
            ["merged", "new by merge", "new by replace", "replaced", "upsert merged", "upsert replaced"],
            rows.Keys.Order(StringComparer.Ordinal));
        Assert.All(rows.Values, row => Assert.Equal(2, row.GetInt32("New")));
        Assert.Equal(["merged", "upsert merged"], rows.Keys.Where(key => rows[key].ContainsKey("Value")).Order());

        static TableEntity New(string key) => new("p", key) { ["New"] = 2 };
    }

    [Fact]
    public async Task A_transaction_whose_action_fails_tells_which_and_writes_nothing()
    {
        var table = await azurite.NewTableAsync();
        await table.AddEntityAsync(new TableEntity("p", "taken"));

        var failure = await Assert.ThrowsAsync<TableTransactionFailedException>(
            () => table.SubmitTransactionAsync([Add("1"), Add("2"), Add("taken"), Add("3")]));

        Assert.Equal((409, "EntityAlreadyExists", 2), (failure.Status, failure.ErrorCode, failure.FailedTransactionActionIndex));
        Assert.Equal(["taken"], await table.QueryAsync<TableEntity>().Select(row => row.RowKey).ToListAsync());
    }

    [Fact]
    public async Task A_failed_transaction_undoes_updates_and_deletes_too()
    {
        var table = await azurite.NewTableAsync();
        await table.SubmitTransactionAsync([Add("updated"), Add("deleted")]);
        var before = await table.QueryAsync<TableEntity>().ToListAsync();

        var failure = await Assert.ThrowsAsync<TableTransactionFailedException>(() => table.SubmitTransactionAsync(
        [
            new(TableTransactionActionType.UpdateReplace, new TableEntity("p", "updated") { ["Value"] = 9 }, ETag.All),
            new(TableTransactionActionType.Delete, new TableEntity("p", "deleted")),
            new(TableTransactionActionType.UpdateMerge, new TableEntity("p", "missing"), ETag.All),
        ]));

        Assert.Equal((404, 2), (failure.Status, failure.FailedTransactionActionIndex));
        var after = await table.QueryAsync<TableEntity>().ToListAsync();
        Assert.Equal(["deleted", "updated"], after.Select(row => row.RowKey));
        Assert.Equal(before.Select(row => row.GetInt32("Value")), after.Select(row => row.GetInt32("Value")));
    }

    [Fact]
    public async Task A_transaction_without_actions_is_refused() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => azurite.MissingTable().SubmitTransactionAsync([]));

    [Fact]
    public async Task An_entity_without_its_key_is_refused() => await Assert.ThrowsAsync<ArgumentNullException>(
        () => azurite.MissingTable().SubmitTransactionAsync([Add("a"), Add(null!)]));

    [Fact]
    public async Task More_than_a_hundred_actions_are_refused_by_the_service()
    {
        var table = await azurite.NewTableAsync();

        var failure = await Assert.ThrowsAnyAsync<RequestFailedException>(
            () => table.SubmitTransactionAsync(Enumerable.Range(0, 101).Select(number => Add(Key(number)))));

        Assert.Equal(400, failure.Status);
        Assert.False(await table.QueryAsync<TableEntity>().AnyAsync());
    }

    [Fact]
    public async Task A_transaction_in_a_missing_table_fails_with_404()
    {
        var failure = await Assert.ThrowsAnyAsync<RequestFailedException>(
            () => azurite.MissingTable().SubmitTransactionAsync([Add("a"), Add("b")]));

        Assert.Equal((404, "TableNotFound"), (failure.Status, failure.ErrorCode));
    }

    private static TableTransactionAction Add(string key) =>
        new(TableTransactionActionType.Add, new TableEntity("p", key) { ["Value"] = 1 });

    private static string Key(int number) => number.ToString("D3", CultureInfo.InvariantCulture);
}
