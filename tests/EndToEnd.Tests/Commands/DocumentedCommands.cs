namespace EndToEnd.Tests.Commands;

/// <param name="Needs">What its block is marked with, such as <c>azure</c> or <c>core-tools</c>.</param>
internal sealed record DocumentedCommand(string Page, string Text, string? Needs);

/// <summary>The lines of <c>sh</c> blocks, and text between backticks that begins with the name of a program.</summary>
internal static partial class DocumentedCommands
{
    public static IReadOnlyList<string> Pages { get; } =
    [
        "README.md",
        .. Directory.GetFiles(Path.Combine(RepositoryRoot.Path, "docs"), "*.md").Order(StringComparer.Ordinal)
            .Select(file => Path.GetRelativePath(RepositoryRoot.Path, file).Replace('\\', '/')),
    ];

    public static string Read(string page) => File.ReadAllText(Path.Combine(RepositoryRoot.Path, page)).ReplaceLineEndings("\n");
    public static IEnumerable<string> Marks(string markdown) => Blocks().Matches(markdown).Select(block => block.Groups["mark"].Value);

    public static IEnumerable<DocumentedCommand> Find(string page, string markdown)
    {
        foreach (var block in Blocks().Matches(markdown).Cast<Match>().Where(block => Shell().IsMatch(block.Groups["mark"].Value)))
        {
            var needs = Shell().Match(block.Groups["mark"].Value).Groups["needs"];
            foreach (var line in block.Groups["code"].Value.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n'))
            {
                if (Comment().Replace(line, "").Trim() is { Length: > 0 } command)
                    yield return new(page, command, needs.Success ? needs.Value : null);
            }
        }

        foreach (var command in Inline().Matches(Blocks().Replace(markdown, "")).Select(match => match.Groups["command"].Value))
            yield return new(page, Blanks().Replace(command, " "), Azure().IsMatch(command) ? "azure" : CoreTools().IsMatch(command) ? "core-tools" : null);
    }

    [GeneratedRegex(@"^```(?<mark>[^\n`]*)\n(?<code>.*?)^```[ \t]*$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Blocks();

    [GeneratedRegex(@"^sh(?: needs-(?<needs>azure|core-tools))?$")]
    private static partial Regex Shell();

    // A comment that has the line, or stands behind blanks: within a word or quotes a # is none.
    [GeneratedRegex(@"(^|\s{2,})#\s.*$")]
    private static partial Regex Comment();

    [GeneratedRegex(@"`(?<command>(?:dotnet|npm|npx|node|func|az|azd|gh|git|curl|echo|openssl|docker)\s[^`]+)`")]
    private static partial Regex Inline();

    [GeneratedRegex("^azd? ")]
    private static partial Regex Azure();

    [GeneratedRegex("^func ")]
    private static partial Regex CoreTools();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
