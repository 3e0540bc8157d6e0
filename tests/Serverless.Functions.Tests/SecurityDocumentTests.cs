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

    [GeneratedRegex(@"^public (?:sealed |abstract |partial )*class (\w+)", RegexOptions.Multiline)]
    private static partial Regex Classes();

    [GeneratedRegex(@"\[(?:Fact|Theory)[^\n]*\]\s+(?:\[[^\n]*\]\s+)*public (?:async )?(?:Task|void) (\w+)\(")]
    private static partial Regex Facts();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Named();
}
