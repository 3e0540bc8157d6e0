namespace Serverless.Functions.Tests;

internal static class MarkdownTable
{
    public static string Page(string name) => File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs", name)).ReplaceLineEndings("\n");

    /// <summary>The rows of the only table whose header begins with this cell.</summary>
    public static IReadOnlyList<string[]> Read(string page, string firstCell)
    {
        var lines = page.Split('\n');
        var header = Assert.Single(Enumerable.Range(0, lines.Length), i => lines[i].StartsWith($"| {firstCell} |", StringComparison.Ordinal));
        return [.. lines.Skip(header + 2).TakeWhile(line => line.StartsWith('|')).Select(Cells)];
    }

    private static string[] Cells(string line) => line[1..line.LastIndexOf('|')].Split('|', StringSplitOptions.TrimEntries);
}
