using System.Text.RegularExpressions;
using Serverless.Testing;

namespace Serverless.Functions.Tests;

/// <summary>docs/security.md has a row for each item, and the tests that it names exist.</summary>
public sealed partial class SecurityDocumentTests
{
    private static readonly string Page = MarkdownTable.Page("security.md");

    private static readonly List<string[]> Rows =
        [.. ItemRows().Matches(Page).Select(match => match.Value.Trim('|').Split('|', StringSplitOptions.TrimEntries))];

    /// <summary>How many items each section of ASVS 5.0.0 has.</summary>
    public static TheoryData<string, int> Sections { get; } = new()
    {
        { "6.1", 3 }, { "6.2", 12 }, { "6.3", 8 }, { "6.4", 6 }, { "6.5", 8 }, { "6.6", 4 }, { "6.7", 2 }, { "6.8", 4 },
        { "7.1", 3 }, { "7.2", 4 }, { "7.3", 2 }, { "7.4", 5 }, { "7.5", 3 }, { "7.6", 2 },
        { "9.1", 3 }, { "9.2", 4 },
    };

    [Theory]
    [MemberData(nameof(Sections))]
    public void Every_item_has_one_row(string section, int items) => Assert.Equal(
        Enumerable.Range(1, items).Select(item => $"{section}.{item}"),
        Rows.Select(row => row[0]).Where(item => item.StartsWith($"{section}.", StringComparison.Ordinal)));

    /// <summary>Of OAuth little applies: each item has a row, or stands in the sentence about those that don't.</summary>
    [Fact]
    public void Every_item_of_OAuth_has_one_row_or_does_not_apply()
    {
        (string Section, int Items)[] sections = [("10.1", 2), ("10.2", 3), ("10.3", 5), ("10.4", 16), ("10.5", 5), ("10.6", 2), ("10.7", 3)];
        var not = NotApplying().Match(Page).Groups[1].Value.ReplaceLineEndings(" ").Split([", ", " and "], StringSplitOptions.TrimEntries).SelectMany(Items);

        Assert.Equal(
            sections.SelectMany(section => ItemsOf(section.Section)).Order(),
            Rows.Select(row => row[0]).Where(item => item.StartsWith("10.", StringComparison.Ordinal)).Concat(not).Order());

        IEnumerable<string> ItemsOf(string section) =>
            Enumerable.Range(1, sections.Single(each => each.Section == section).Items).Select(item => $"{section}.{item}");

        // A section, an item, or the first and the last of some.
        IEnumerable<string> Items(string text) => text.Split(" to ") switch
        {
            [var first, var last] => ItemsOf(SectionOf(first)).SkipWhile(item => item != first).TakeWhile(item => item != last).Append(last),
            _ => text.Count(c => c == '.') == 1 ? ItemsOf(text) : [text],
        };

        static string SectionOf(string item) => item[..item.LastIndexOf('.')];
    }

    [Fact]
    public void Every_verdict_is_one_of_four_and_says_how_where_it_is_not_simply_met() => Assert.All(Rows, row =>
    {
        Assert.Equal(5, row.Length);
        Assert.Contains(row[2], new[] { "met", "in part", "not met", "n/a" });
        Assert.True(row[2] == "met" ? row[3].Length + row[4].Length > 0 : row[3].Length > 0, row[0]);
    });

    [Fact]
    public void Every_test_that_is_named_exists()
    {
        var tests = Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, "tests"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Select(File.ReadAllText)
            .SelectMany(text => Classes().Matches(text).SelectMany(type =>
                Facts().Matches(text).Select(test => $"{type.Groups[1].Value}.{test.Groups[1].Value}")))
            .ToHashSet();

        var named = Rows.SelectMany(row => Named().Matches(row[4])).Select(match => match.Groups[1].Value).ToList();

        Assert.True(named.Count > 40, $"Only {named.Count} tests are named.");
        Assert.Empty(named.Except(tests));
    }

    [GeneratedRegex(@"^\| \d+\.\d+\.\d+ \|.*\|$", RegexOptions.Multiline)]
    private static partial Regex ItemRows();

    [GeneratedRegex(@"so (10\.[^a-z]*(?:(?:to|and)[^a-z]*)*) don't apply")]
    private static partial Regex NotApplying();

    [GeneratedRegex(@"^public (?:sealed |abstract |partial )*class (\w+)", RegexOptions.Multiline)]
    private static partial Regex Classes();

    [GeneratedRegex(@"\[(?:OwnApp)?(?:Fact|Theory)[^\n]*\]\s+(?:\[[^\n]*\]\s+)*public (?:async )?(?:Task|void) (\w+)\(")]
    private static partial Regex Facts();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Named();
}
