using System.Globalization;
using System.Text;
using Azure.Data.Tables;

namespace Local.Tables.Tests;

[Collection(AzuriteCollection.Name)]
public sealed class QueryFilterTests(AzuriteFixture azurite)
{
    private static readonly DateTimeOffset Time = new(2024, 2, 29, 12, 0, 0, TimeSpan.FromHours(1));

    public static TheoryData<string, string> Literals => new()
    {
        { Filter($"{"O'Brien"}"), "'O''Brien'" },
        { Filter($"{'\''}"), "''''" },
        { Filter($"{new StringBuilder("a'b")}"), "'a''b'" },
        { Filter($"{42}"), "42" },
        { Filter($"{-5_000_000_000L}"), "-5000000000L" },
        { Filter($"{7UL}"), "7L" },
        { Filter($"{2.5}"), "2.5" },
        { Filter($"{12.5m}"), "12.5" },
        { Filter($"{true}"), "true" },
        { Filter($"{false}"), "false" },
        { Filter($"{(string?)null}"), "null" },
        { Filter($"{Guid.Parse("0f8fad5b-d9cb-469f-a165-70867728950e")}"), "guid'0f8fad5b-d9cb-469f-a165-70867728950e'" },
        { Filter($"{new byte[] { 0, 10, 255 }}"), "X'000AFF'" },
        { Filter($"{new BinaryData(new byte[] { 1 })}"), "X'01'" },
        { Filter($"{Time}"), "datetime'2024-02-29T11:00:00Z'" },
        { Filter($"{Time.AddTicks(10)}"), "datetime'2024-02-29T11:00:00.000001Z'" },
        { Filter($"{Time.UtcDateTime.AddDays(1)}"), "datetime'2024-03-01T11:00:00Z'" },
        { Filter($"a eq {1} and b ne {"{0}"}"), "a eq 1 and b ne '{0}'" },
    };

    [Theory]
    [MemberData(nameof(Literals))]
    public void A_value_becomes_the_literal_of_its_type(string filter, string expected) => Assert.Equal(expected, filter);

    [Fact]
    public void Numbers_are_written_the_same_in_every_culture()
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo("de-DE");
        try
        {
            Assert.Equal("2.5", Filter($"{2.5}"));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void A_value_without_a_literal_is_refused() =>
        Assert.Throws<ArgumentException>(() => Filter($"{new object()}"));

    [Fact]
    public void Both_clients_make_the_same_filter() =>
        Assert.Equal("Name eq 'a''b'", TableServiceClient.CreateQueryFilter($"Name eq {"a'b"}"));

    [Fact]
    public async Task Literals_of_every_type_are_understood_by_the_service()
    {
        var table = await azurite.NewTableAsync();
        var id = Guid.NewGuid();
        await table.AddEntityAsync(new TableEntity("p", "r")
        {
            ["Int"] = 5,
            ["Long"] = 5_000_000_000,
            ["Double"] = 2.5,
            ["Flag"] = true,
            ["Id"] = id,
            ["At"] = Time,
            ["Bytes"] = new byte[] { 0, 10, 255 },
        });

        foreach (var filter in new[]
        {
            Filter($"Int eq {5}"), Filter($"Long gt {4_999_999_999}"), Filter($"Double lt {2.75}"), Filter($"Flag eq {true}"),
            Filter($"Id eq {id}"), Filter($"At ge {Time}"), Filter($"Bytes eq {new byte[] { 0, 10, 255 }}"),
        })
        {
            Assert.True(await table.QueryAsync<TableEntity>(filter).AnyAsync(), filter);
        }

        foreach (var filter in new[]
        {
            Filter($"Int eq {6}"), Filter($"Long gt {5_000_000_000}"), Filter($"Double lt {2.5}"), Filter($"Flag eq {false}"),
            Filter($"Id eq {Guid.NewGuid()}"), Filter($"At lt {Time}"), Filter($"Bytes eq {new byte[] { 0, 10 }}"),
        })
        {
            Assert.False(await table.QueryAsync<TableEntity>(filter).AnyAsync(), filter);
        }
    }

    private static string Filter(FormattableString filter) => TableClient.CreateQueryFilter(filter);
}
