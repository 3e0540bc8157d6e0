using Azure;
using Azure.Data.Tables;

namespace Local.Tables.Tests;

public sealed class TableEntityTests
{
    [Fact]
    public void A_missing_property_is_null_by_every_getter()
    {
        var entity = new TableEntity();

        Assert.Equal(
            (null, null, null, null, null, null, null, null, null, null),
            (entity.GetString("x"), entity.GetInt32("x"), entity.GetInt64("x"), entity.GetDouble("x"), entity.GetBoolean("x"),
            entity.GetGuid("x"), entity.GetBinary("x"), entity.GetBinaryData("x"), entity.GetDateTime("x"),
            entity.GetDateTimeOffset("x")));
        Assert.Null(entity["x"]);
        Assert.Null(entity.PartitionKey);
        Assert.Null(entity.Timestamp);
        Assert.Equal(default, entity.ETag);
    }

    [Fact]
    public void A_property_isnt_read_as_another_type()
    {
        var entity = new TableEntity { ["Value"] = 1 };

        Assert.Throws<InvalidOperationException>(() => entity.GetString("Value"));
        Assert.Throws<InvalidOperationException>(() => entity.GetInt64("Value"));
        Assert.Throws<InvalidOperationException>(() => entity.GetDateTime("Value"));
    }

    [Fact]
    public void A_property_keeps_its_type_when_it_is_set_again()
    {
        var entity = new TableEntity { ["Long"] = 1L, ["Double"] = 1.0, ["Int"] = 1 };

        entity["Long"] = 2;
        entity["Double"] = 2;
        entity["Int"] = 3L;

        Assert.Equal((2L, 2.0, 3L), (entity["Long"], entity["Double"], entity["Int"]));
        Assert.Throws<InvalidOperationException>(() => entity["Long"] = "text");
    }

    [Fact]
    public void A_null_takes_a_property_of_any_type()
    {
        var entity = new TableEntity { ["Value"] = 1 };

        entity["Value"] = null;
        entity["Value"] = "text";

        Assert.Equal("text", entity.GetString("Value"));
    }

    [Fact]
    public void An_entity_is_a_dictionary_with_its_keys_in_it()
    {
        IDictionary<string, object> entity = new TableEntity("p", "r") { ["Value"] = 1 };

        Assert.Equal(3, entity.Count);
        Assert.Equal(["PartitionKey", "RowKey", "Value"], entity.Select(pair => pair.Key));
        Assert.Equal(["p", "r", 1], entity.Values);
        Assert.True(entity.Remove("Value"));
        Assert.False(entity.TryGetValue("Value", out _));
        Assert.Equal("p", entity["PartitionKey"]);
    }

    [Fact]
    public void An_entity_copies_the_values_it_is_made_of()
    {
        var values = new Dictionary<string, object> { ["PartitionKey"] = "p", ["Value"] = 1 };

        var entity = new TableEntity(values) { ETag = new ETag("W/\"1\"") };
        values["Value"] = 2;

        Assert.Equal(("p", 1, new ETag("W/\"1\"")), (entity.PartitionKey, entity.GetInt32("Value"), entity.ETag));
    }
}
