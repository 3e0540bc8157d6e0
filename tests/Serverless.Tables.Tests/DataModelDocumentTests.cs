using System.Globalization;
using System.Text.RegularExpressions;
using Azure.Data.Tables;
using Serverless.Sessions.Sessions;
using Serverless.Tables.Storage;
using Serverless.Testing;

namespace Serverless.Tables.Tests;

/// <summary>docs/data-model.md tells the rows that are stored: their keys, their properties with types, and their sizes.</summary>
[Collection(nameof(TableFixture))]
public sealed partial class DataModelDocumentTests(TableFixture fixture)
{
    private static readonly ClientInfo Browser = new(
        "203.0.113.7",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
        "My laptop");

    private static readonly string Page = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs", "data-model.md"));

    private static readonly List<Kind> Kinds = [.. ReadKinds()];

    [Fact]
    public void Every_table_has_a_chapter_and_every_chapter_a_table() =>
        Assert.Equal(TableSet.Names.Order(), Kinds.Select(kind => kind.Table).Distinct().Order());

    [Fact]
    public void Every_beginning_of_a_key_in_the_code_stands_in_the_page_and_vice_versa()
    {
        var code = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "src", "Serverless.Tables", "TableKeys.cs"));
        var built = BuiltKeys().Matches(code).Concat(TimelineKinds().Matches(code)).Select(match => match.Groups["kind"].Value).ToHashSet();

        var told = Kinds.SelectMany(kind => new[] { kind.Partition, kind.Row })
            .Where(key => key.Length > 1 && key[1] == ':').Select(key => key[..1]).ToHashSet();

        Assert.NotEmpty(built);
        Assert.Equal(built.Order(), told.Order());
        Assert.All(
            [TableKeys.IpPartition, TableKeys.EventPartition, TableKeys.CursorPartition, TableKeys.RingPartition],
            partition => Assert.Contains(Kinds, kind => kind.Partition == partition));
    }

    [Fact]
    public async Task The_rows_of_a_life_are_those_of_the_page()
    {
        var prefix = TableFixture.NewPrefix();
        await LiveAsync(fixture, prefix);
        var faults = new List<string>();
        var sizes = new Dictionary<Kind, int>();
        foreach (var table in TableSet.Names)
        {
            await foreach (var row in fixture.Table(prefix, table).QueryAsync<TableEntity>())
            {
                var kind = Kinds.FirstOrDefault(known => known.Table == table && known.Fits(row));
                if (kind is null)
                {
                    faults.Add($"{table}: {row.PartitionKey} {row.RowKey} is no row of the page.");
                    continue;
                }

                sizes[kind] = Math.Max(sizes.GetValueOrDefault(kind), SizeOf(row));
                var columns = Columns(row).ToDictionary(column => column.Key, column => TypeOf(column.Value));
                faults.AddRange(columns.Where(column => kind.Columns.GetValueOrDefault(Slots().Replace(column.Key, "$1*"))?.Type != column.Value)
                    .Select(column => $"{table} {kind.Row}: {column.Key} {column.Value} isn't told."));
                faults.AddRange(kind.Columns.Where(column => !column.Value.Optional && !columns.ContainsKey(column.Key))
                    .Select(column => $"{table} {kind.Row}: {column.Key} isn't there."));
            }
        }

        faults.AddRange(sizes.Where(size => size.Key.Bytes < size.Value || size.Key.Bytes > size.Value + 50)
            .Select(size => $"{size.Key.Table} {size.Key.Row}: {size.Value} bytes, not about {size.Key.Bytes}."));
        Assert.True(faults.Count == 0, string.Join('\n', faults.Distinct()));
        Assert.True(sizes.Count >= 23, $"Only {sizes.Count} kinds of rows were looked at.");
    }

    // Whatever leaves a row: a history whose beginning is cut off; logins that succeed, fail and lock, a refresh, an end, mail, and the timers.
    internal static async Task LiveAsync(TableFixture fixture, string prefix, int shards = 16)
    {
        var clock = new FakeClock();
        using var service = new Service(fixture.CreateStores(prefix: prefix, shards: shards), clock);
        var account = await service.CreateAccountAsync();
        var other = await service.CreateAccountAsync();
        var old = (await service.LoginAsync(account.Email, remember: true, client: Browser)).Tokens;
        for (var month = 0; month < 3; month++)
        {
            clock.Advance(TimeSpan.FromDays(29));
            old = await service.RefreshAsync(old.RefreshText);
        }

        clock.Advance(TimeSpan.FromDays(4));
        await service.PurgeOldLogs.ExecuteAsync(default);

        var session = await service.LoginAsync(account.Email, remember: true, client: Browser);
        await service.RefreshAsync(session.Tokens.RefreshText, "the attempt of a client");
        await service.LogoutAsync((await service.LoginAsync(account.Email, client: Browser with { Device = "My phone!" })).Session);
        for (var i = 0; i < 11; i++)
            await service.TryLoginAsync(i < 5 ? other.Email : Service.NewEmail(), "wrong password");
        await service.SendMessage.ExecuteAsync(account.Id, other.Id, "hello", "the key of a client", default);
        await service.Flag.ExecuteAsync(default);
        await service.RaiseAlerts.ExecuteAsync(default);
        clock.Advance(TimeSpan.FromHours(2));
        await service.RollUp.ExecuteAsync(default);
    }

    private static IEnumerable<KeyValuePair<string, object>> Columns(TableEntity row) =>
        row.Where(column => column.Key is not ("odata.etag" or "PartitionKey" or "RowKey" or "Timestamp") && column.Value is not null);

    /// <summary>As Azure calculates it: two bytes for each character, and what each property takes beside its value.</summary>
    private static int SizeOf(TableEntity row) =>
        4 + (2 * (row.PartitionKey.Length + row.RowKey.Length)) + Columns(row).Sum(column => 8 + (2 * column.Key.Length) + column.Value switch
        {
            string text => 4 + (2 * text.Length),
            byte[] bytes => 4 + bytes.Length,
            Guid => 16,
            int => 4,
            bool => 1,
            _ => 8,
        });

    private static string TypeOf(object value) => value switch
    {
        string => "text",
        byte[] => "bytes",
        DateTimeOffset => "time",
        int => "int",
        long => "long",
        _ => value.GetType().Name.ToLowerInvariant().Replace("boolean", "bool", StringComparison.Ordinal),
    };

    private static IEnumerable<Kind> ReadKinds()
    {
        foreach (var chapter in Chapters().Matches(Page).Cast<Match>())
        {
            foreach (var line in chapter.Groups["text"].Value.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)))
            {
                var cells = line.Trim('|', ' ').Split('|', StringSplitOptions.TrimEntries);
                var columns = cells[2] == "none" ? [] : cells[2].Split(", ").Select(column => column.Split(' ')).ToDictionary(
                    column => column[0].TrimEnd('?'), column => new Column(column[1], column[0][^1] == '?'));
                yield return new(
                    chapter.Groups["table"].Value,
                    cells[0].Trim('`'),
                    cells[1].Trim('`'),
                    columns,
                    int.Parse(cells[3], NumberStyles.AllowThousands, CultureInfo.InvariantCulture));
            }
        }
    }

    [GeneratedRegex(@"^## (?<table>\w+)\r?\n(?<text>.*?)(?=^## |\z)", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Chapters();

    [GeneratedRegex(@"""(?<kind>[a-z]):")]
    private static partial Regex BuiltKeys();

    [GeneratedRegex(@"Timeline\('(?<kind>[a-z])'")]
    private static partial Regex TimelineKinds();

    [GeneratedRegex(@"^(R)\d$")]
    private static partial Regex Slots();

    [GeneratedRegex(@"\\{[^}]*}")]
    private static partial Regex Placeholder();

    private sealed record Column(string Type, bool Optional);

    private sealed record Kind(string Table, string Partition, string Row, Dictionary<string, Column> Columns, int Bytes)
    {
        public bool Fits(TableEntity row) => Fits(Partition, row.PartitionKey) && Fits(Row, row.RowKey);

        private static bool Fits(string pattern, string key) =>
            Regex.IsMatch(key, $"^{Placeholder().Replace(Regex.Escape(pattern), "[^:~]+")}$");
    }
}
