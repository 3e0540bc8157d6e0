using Azure;
using Azure.Core.Pipeline;
using Azure.Data.Tables.Models;

namespace Serverless.Tables.Tests;

/// <summary>What the table client and the service do where the stores rely on it, and what <see cref="StorageCall"/> makes of it.</summary>
[Collection(nameof(TableFixture))]
public sealed class StorageAnswersTests(TableFixture fixture) : IAsyncLifetime
{
    private const string Partition = "p";

    // The oldest that the service takes.
    private static readonly DateTimeOffset OldestTime = new(1601, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly TableClient _table = fixture.Table(TableFixture.NewPrefix(), "Answers");

    public Task InitializeAsync() => _table.CreateAsync();
    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Reading_or_deleting_a_row_that_is_gone_is_not_found()
    {
        Assert.Equal(Conflict.NotFound, (await SendAsync(_table.GetEntityAsync<TableEntity>(Partition, "gone"))).Conflict);
        Assert.Equal(Conflict.NotFound, (await SendAsync(_table.UpdateEntityAsync(Row("gone"), ETag.All))).Conflict);
        Assert.Equal(Conflict.NotFound, (await SendAsync(_table.DeleteEntityAsync(Partition, "gone", ETag.All))).Conflict);
    }

    [Fact]
    public async Task Activity_is_given_up_where_storage_finds_none_in_page_after_page()
    {
        var pages = new EmptyPages();
        var timeline = fixture.CreateStores(pages, shards: 1).Timeline;
        var now = DateTimeOffset.UtcNow;
        Assert.Null(await timeline.FindActivityAsync(now.AddDays(-2), now, new(Country: "NZ"), 100, default));
        Assert.Equal(4, pages.Read);
    }

    [Fact]
    public async Task Adding_a_row_that_is_there_is_refused_as_existing()
    {
        Assert.True((await SendAsync(_table.AddEntityAsync(Row("a")))).Done);
        Assert.Equal(Conflict.Exists, (await SendAsync(_table.AddEntityAsync(Row("a")))).Conflict);
    }

    [Fact]
    public async Task A_row_in_another_state_than_the_expected_one_is_refused_as_changed()
    {
        var old = (await _table.AddEntityAsync(Row("a"))).Headers.ETag!.Value;
        await _table.UpdateEntityAsync(Row("a"), old);
        Assert.Equal(Conflict.Changed, (await SendAsync(_table.UpdateEntityAsync(Row("a"), old))).Conflict);
        Assert.Equal(Conflict.Changed, (await SendAsync(_table.DeleteEntityAsync(Partition, "a", old))).Conflict);
    }

    [Fact]
    public async Task A_failed_transaction_tells_which_action_failed_and_why_and_changes_nothing()
    {
        await _table.AddEntityAsync(Row("there"));
        var old = new ETag("W/\"datetime'2026-01-01T00%3A00%3A00.0000000Z'\"");
        (TableTransactionAction Second, Conflict Conflict, TableErrorCode Code)[] failures =
        [
            (new(TableTransactionActionType.Add, Row("there")), Conflict.Exists, TableErrorCode.EntityAlreadyExists),
            (new(TableTransactionActionType.UpdateMerge, Row("gone"), ETag.All), Conflict.NotFound, TableErrorCode.ResourceNotFound),
            (new(TableTransactionActionType.Delete, Row("gone"), ETag.All), Conflict.NotFound, TableErrorCode.ResourceNotFound),
            (new(TableTransactionActionType.UpdateMerge, Row("there"), old), Conflict.Changed, TableErrorCode.UpdateConditionNotSatisfied),
        ];
        foreach (var (second, refusal, code) in failures)
        {
            TableTransactionAction[] actions = [new(TableTransactionActionType.Add, Row("new")), second];
            var failure = await Assert.ThrowsAsync<TableTransactionFailedException>(() => _table.SubmitTransactionAsync(actions));
            Assert.Equal((1, code.ToString()), (failure.FailedTransactionActionIndex, failure.ErrorCode));
            Assert.Equal(refusal, (await SendAsync(_table.SubmitTransactionAsync(actions))).Conflict);
            Assert.Equal(Conflict.NotFound, (await SendAsync(_table.GetEntityAsync<TableEntity>(Partition, "new"))).Conflict);
        }
    }

    [Fact]
    public async Task A_transaction_that_the_service_does_not_take_is_an_outage()
    {
        var tooMany = Enumerable.Range(0, 101).Select(i => Add(Row($"{i}")));
        var tooLarge = Enumerable.Range(0, 100).Select(i => Add(new TableEntity(Partition, $"{i}") { ["Data"] = new byte[50_000] }));
        TableTransactionAction[] twice = [Add(Row("a")), new(TableTransactionActionType.UpsertReplace, Row("a"))];
        foreach (var actions in new[] { tooMany, tooLarge, twice })
            await Assert.ThrowsAsync<StorageUnavailableException>(() => SendAsync(_table.SubmitTransactionAsync(actions)));
        Assert.Equal(0, await _table.QueryAsync<TableEntity>().CountAsync());
        Assert.True((await SendAsync(_table.SubmitTransactionAsync(Enumerable.Range(0, 100).Select(i => Add(Row($"{i}")))))).Done);
    }

    [Fact]
    public async Task A_missing_table_is_an_outage_whatever_is_asked()
    {
        await _table.DeleteAsync();
        await Assert.ThrowsAsync<StorageUnavailableException>(() => SendAsync(_table.GetEntityAsync<TableEntity>(Partition, "a")));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => SendAsync(_table.DeleteEntityAsync(Partition, "a", ETag.All)));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => SendAsync(_table.AddEntityAsync(Row("a"))));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => SendAsync(_table.SubmitTransactionAsync([Add(Row("a"))])));
        await Assert.ThrowsAsync<StorageUnavailableException>(() =>
            StorageCall.ReadAllAsync(_table.QueryAsync<TableEntity>(), default).ToListAsync().AsTask());
    }

    [Fact]
    public async Task The_version_in_a_transactions_answer_is_the_one_that_the_row_has()
    {
        var added = await _table.SubmitTransactionAsync([Add(Row("b")), Add(Row("a"))]);
        var read = await _table.GetEntityAsync<TableEntity>(Partition, "b");
        Assert.Equal(read.Value.ETag, added.Value[0].Headers.ETag);
        var merged = await _table.SubmitTransactionAsync([new(TableTransactionActionType.UpdateMerge, Row("b"), read.Value.ETag)]);
        Assert.NotEqual(read.Value.ETag, merged.Value[0].Headers.ETag);
        Assert.Equal((await _table.GetEntityAsync<TableEntity>(Partition, "b")).Value.ETag, merged.Value[0].Headers.ETag);
    }

    [Fact]
    public async Task A_merge_without_a_version_makes_the_row_and_one_with_any_version_does_not()
    {
        Assert.Equal(Conflict.NotFound, (await SendAsync(_table.SubmitTransactionAsync(
            [new(TableTransactionActionType.UpdateMerge, Row("a"), ETag.All)]))).Conflict);
        Assert.True((await SendAsync(_table.SubmitTransactionAsync([new(TableTransactionActionType.UpdateMerge, Row("a"))]))).Done);
    }

    [Fact]
    public async Task All_rows_of_a_query_come_in_order_of_their_keys_whatever_the_page_size()
    {
        var keys = Enumerable.Range(0, 1_100).Select(i => i.ToString("D4", CultureInfo.InvariantCulture)).ToList();
        foreach (var chunk in keys.Chunk(100))
            await _table.SubmitTransactionAsync(chunk.Reverse().Select(key => Add(Row(key))));
        var pages = await _table.QueryAsync<TableEntity>().AsPages().ToListAsync();
        Assert.Equal([1_000, 100], pages.Select(page => page.Values.Count));
        Assert.Equal(keys, pages.SelectMany(page => page.Values).Select(row => row.RowKey));
        var small = await StorageCall.ReadAllAsync(_table.QueryAsync<TableEntity>(maxPerPage: 300), default).ToListAsync();
        Assert.Equal(keys, small.Select(row => row.RowKey));
    }

    [Theory]
    [InlineData("quote' and double'' quote")]
    [InlineData("percent %41 plus + and & = ; : @ , $ ( ) ~")]
    [InlineData("umlauts äöü, 東京, 🔑")]
    [InlineData("")]
    public async Task Any_key_finds_its_row_in_each_way_of_asking(string key)
    {
        await _table.SubmitTransactionAsync([Add(new TableEntity(key, key) { ["Text"] = key })]);
        Assert.Equal(key, (await _table.GetEntityAsync<TableEntity>(key, key)).Value.GetString("Text"));
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {key} and RowKey ge {key} and Text eq {key}");
        Assert.Equal(key, (await _table.QueryAsync<TableEntity>(filter).SingleAsync()).RowKey);
        await _table.UpsertEntityAsync(new TableEntity(key, key) { ["More"] = 1 });
        await _table.SubmitTransactionAsync(
            [new(TableTransactionActionType.UpdateMerge, new TableEntity(key, key) { ["Most"] = 2 }, ETag.All)]);
        Assert.Equal(2, (await _table.QueryAsync<TableEntity>(filter).SingleAsync()).GetInt32("Most"));
        await _table.SubmitTransactionAsync([new(TableTransactionActionType.Delete, new TableEntity(key, key), ETag.All)]);
        Assert.Equal(Conflict.NotFound, (await SendAsync(_table.DeleteEntityAsync(key, key))).Conflict);
    }

    [Fact]
    public async Task A_key_has_1_KiB_and_a_longer_one_is_an_outage()
    {
        var longest = new string('k', 512);
        Assert.True((await SendAsync(_table.AddEntityAsync(Row(longest)))).Done);
        Assert.Equal(longest, (await _table.GetEntityAsync<TableEntity>(Partition, longest)).Value.RowKey);
        await Assert.ThrowsAsync<StorageUnavailableException>(() => SendAsync(_table.AddEntityAsync(Row(longest + "k"))));
    }

    [Fact]
    public async Task Values_come_back_as_they_were_written()
    {
        var time = new DateTimeOffset(2026, 3, 14, 9, 26, 53, 589, TimeSpan.Zero).AddTicks(1234);
        var id = Guid.NewGuid();
        await _table.AddEntityAsync(new TableEntity(Partition, "a")
        {
            ["Empty"] = Array.Empty<byte>(), ["Bytes"] = new byte[] { 0, 255 }, ["Time"] = time, ["Oldest"] = OldestTime, ["Whole"] = 3.0,
            ["Long"] = long.MaxValue, ["Id"] = id, ["Text"] = "", ["Nothing"] = null, ["Yes"] = true,
        });
        var row = (await _table.GetEntityAsync<TableEntity>(Partition, "a")).Value;
        Assert.Equal([], row.GetBinary("Empty"));
        Assert.Equal([0, 255], row.GetBinary("Bytes"));
        Assert.Equal(time, row.GetDateTimeOffset("Time"));
        Assert.Equal(OldestTime, row.GetDateTimeOffset("Oldest"));
        Assert.Equal((3.0, long.MaxValue, id), (row.GetDouble("Whole"), row.GetInt64("Long"), row.GetGuid("Id")));
        Assert.Equal(("", true), (row.GetString("Text"), row.GetBoolean("Yes")));
        Assert.DoesNotContain("Nothing", row.Keys);
    }

    private static TableEntity Row(string key) => new(Partition, key);
    private static TableTransactionAction Add(TableEntity row) => new(TableTransactionActionType.Add, row);
    private static Task<StorageAnswer<T>> SendAsync<T>(Task<T> call) => StorageCall.SendAsync(call, default);

    private sealed class EmptyPages : HttpPipelinePolicy
    {
        public int Read { get; private set; }

        public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => throw new NotSupportedException();

        // A reading without an end fails.
        public override ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
        {
            if (message.Request.Method == RequestMethod.Get)
                Assert.InRange(++Read, 1, 50);
            message.Response = new StubResponse(200, """{ "value": [] }""")
                .With("x-ms-continuation-NextPartitionKey", "p").With("x-ms-continuation-NextRowKey", "r");
            return default;
        }
    }
}
