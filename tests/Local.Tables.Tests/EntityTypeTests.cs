using System.Globalization;
using System.Text;
using Azure.Data.Tables;

namespace Local.Tables.Tests;

[Collection(AzuriteCollection.Name)]
public sealed class EntityTypeTests(AzuriteFixture azurite)
{
    public static TheoryData<string> Names => [.. Values.Keys];

    // xunit can't serialize all of these values, so theories get their names.
    private static readonly Dictionary<string, object> Values = new()
    {
        ["empty string"] = "",
        ["string"] = "Grüße, \"世界\" 😀 \\ \u2028 \r\n\t ' < & +",
        ["string that looks like a time"] = "2024-02-29T12:00:00.0000000Z",
        ["string that looks like a number"] = "42",
        ["long string"] = new string('ä', 30_000),
        ["int"] = 42,
        ["smallest int"] = int.MinValue,
        ["small long"] = 7L,
        ["largest long"] = long.MaxValue,
        ["smallest long"] = long.MinValue,
        ["double"] = 3.25,
        ["whole double"] = 3.0,
        ["negative whole double"] = -12.0,
        ["whole double beyond int"] = 3e10,
        ["exact double"] = 0.1 + 0.2,
        ["tiny double"] = double.Epsilon,
        ["not a number"] = double.NaN,
        ["infinity"] = double.PositiveInfinity,
        ["negative infinity"] = double.NegativeInfinity,
        ["true"] = true,
        ["false"] = false,
        ["guid"] = Guid.Parse("0f8fad5b-d9cb-469f-a165-70867728950e"),
        ["bytes"] = new byte[] { 0, 1, 127, 128, 254, 255 },
        ["no bytes"] = Array.Empty<byte>(),
        ["time"] = new DateTimeOffset(2024, 2, 29, 23, 59, 59, TimeSpan.Zero).AddTicks(1_234_567),
        ["whole second"] = new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_value_comes_back_with_its_type(string name)
    {
        var table = await azurite.NewTableAsync();
        await table.AddEntityAsync(new TableEntity("p", "r") { ["Value"] = Values[name] });

        var read = (await table.GetEntityAsync<TableEntity>("p", "r")).Value["Value"];

        Assert.IsType(Values[name].GetType(), read);
        Assert.Equal(Values[name], read);
    }

    [Fact]
    public async Task All_types_come_back_from_a_transaction_and_a_query()
    {
        var table = await azurite.NewTableAsync();
        var actions = Values.Select((value, index) => new TableTransactionAction(
            TableTransactionActionType.Add,
            new TableEntity("p", index.ToString("D2", CultureInfo.InvariantCulture)) { ["Value"] = value.Value }));
        await table.SubmitTransactionAsync(actions);

        var read = await table.QueryAsync<TableEntity>().Select(entity => entity["Value"]).ToListAsync();

        Assert.Equal(Values.Values, read);
        Assert.Equal(Values.Values.Select(value => value.GetType()), read.Select(value => value.GetType()));
    }

    [Fact]
    public async Task A_time_with_an_offset_comes_back_in_utc()
    {
        var table = await azurite.NewTableAsync();
        var local = new DateTimeOffset(2024, 6, 1, 12, 0, 0, TimeSpan.FromHours(5));
        await table.AddEntityAsync(new TableEntity("p", "r") { ["At"] = local });

        var read = (await table.GetEntityAsync<TableEntity>("p", "r")).Value;

        Assert.Equal(local.UtcDateTime, read.GetDateTime("At"));
        Assert.Equal(TimeSpan.Zero, read.GetDateTimeOffset("At")!.Value.Offset);
    }

    [Fact]
    public async Task A_DateTime_and_BinaryData_come_back_by_either_getter()
    {
        var table = await azurite.NewTableAsync();
        var time = new DateTime(2024, 6, 1, 12, 0, 0, DateTimeKind.Utc).AddTicks(7);
        await table.AddEntityAsync(new TableEntity("p", "r") { ["At"] = time, ["Data"] = new BinaryData("abc") });

        var read = (await table.GetEntityAsync<TableEntity>("p", "r")).Value;

        Assert.Equal(time, read.GetDateTime("At"));
        Assert.Equal(DateTimeKind.Utc, read.GetDateTime("At")!.Value.Kind);
        Assert.Equal(new DateTimeOffset(time), read.GetDateTimeOffset("At"));
        Assert.Equal("abc"u8.ToArray(), read.GetBinary("Data"));
        Assert.Equal("abc", read.GetBinaryData("Data").ToString());
    }

    [Fact]
    public async Task A_null_is_not_written()
    {
        var table = await azurite.NewTableAsync();
        await table.AddEntityAsync(new TableEntity("p", "r") { ["Here"] = 1, ["Gone"] = null });

        var read = (await table.GetEntityAsync<TableEntity>("p", "r")).Value;

        Assert.Equal(1, read.GetInt32("Here"));
        Assert.False(read.ContainsKey("Gone"));
    }

    [Fact]
    public async Task An_entity_that_was_read_has_keys_version_and_time()
    {
        var table = await azurite.NewTableAsync();
        var written = await table.AddEntityAsync(new TableEntity("p", "r"));

        var read = (await table.GetEntityAsync<TableEntity>("p", "r")).Value;

        Assert.Equal(("p", "r"), (read.PartitionKey, read.RowKey));
        Assert.Equal(written.Headers.ETag, read.ETag);
        var now = TimeProvider.System.GetUtcNow();
        Assert.InRange(read.Timestamp!.Value, now.AddMinutes(-1), now.AddMinutes(1));
        Assert.Equal(["PartitionKey", "RowKey", "Timestamp", "odata.etag"], read.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_time_that_is_not_utc_is_refused_before_it_is_sent()
    {
        var entity = new TableEntity("p", "r") { ["At"] = new DateTime(2024, 6, 1, 12, 0, 0, DateTimeKind.Local) };

        await Assert.ThrowsAsync<NotSupportedException>(() => azurite.MissingTable().AddEntityAsync(entity));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_class_of_ones_own_comes_back_as_it_was(bool inTransaction)
    {
        var table = await azurite.NewTableAsync();
        var device = new Device
        {
            PartitionKey = "p",
            RowKey = "r",
            Name = "O'Brien's phone",
            Count = 3,
            Total = 5_000_000_000,
            Share = 2.0,
            Active = true,
            Id = Guid.NewGuid(),
            Secret = Encoding.UTF8.GetBytes("secret"),
            Blob = new BinaryData("blob"),
            SeenAt = DateTimeOffset.UnixEpoch.AddTicks(1),
            MadeAt = DateTime.UnixEpoch,
            Kind = DeviceKind.Phone,
            Limit = 9,
            Note = null,
            Ignored = "not written",
        };
        if (inTransaction)
            await table.SubmitTransactionAsync([new TableTransactionAction(TableTransactionActionType.Add, device)]);
        else
            await table.AddEntityAsync(device);

        var read = (await table.GetEntityAsync<Device>("p", "r")).Value;

        Assert.Equal("blob", read.Blob?.ToString());
        Assert.Equal(device.Secret, read.Secret);
        Assert.Null(read.Ignored);
        Assert.NotEqual(default, read.ETag);
        Assert.NotNull(read.Timestamp);
        Assert.Equal(Scalars(device), Scalars(read));
        var stored = (await table.GetEntityAsync<TableEntity>("p", "r")).Value;
        Assert.Equal("Phone", stored.GetString("Kind"));
        Assert.False(stored.ContainsKey("Ignored"));
    }

    private static object Scalars(Device device) => (
        device.PartitionKey, device.RowKey, device.Name, device.Count, device.Total, device.Share, device.Active, device.Id,
        device.SeenAt, device.MadeAt, device.Kind, device.Limit, device.Note);
}
