namespace Serverless.Functions.Tests;

public sealed partial class EventTests
{
    private static readonly string[] Projects = ["Serverless.Sessions", "Serverless.Tables", "Serverless.Functions"];

    private static readonly List<string> Code =
    [
        .. from project in Projects
           from file in Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, "src", project), "*.cs", SearchOption.AllDirectories)
           where !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
           select File.ReadAllText(file),
    ];

    [Fact]
    public void Every_event_stands_in_the_operations_page_with_its_level_and_nothing_else()
    {
        var page = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs", "operations.md"));
        var documented = Rows().Matches(page).Select(row => $"{row.Groups[1].Value} {row.Groups[2].Value}");
        Assert.NotEmpty(Events());
        Assert.Equal(Events().Order(), documented);
    }

    [Fact]
    public void Event_ids_are_distinct() => Assert.Equal(Events().Distinct(), Events());

    [Fact]
    public void All_logging_is_done_by_events() => Assert.DoesNotContain(
        // Nothing can be logged yet where settings are wrong.
        Code.Where(text => !text.Contains("class MisconfiguredApp", StringComparison.Ordinal)), text => Unnumbered().IsMatch(text));

    private static IEnumerable<string> Events() =>
        Code.SelectMany(text => Declarations().Matches(text)).Select(match => $"{match.Groups[1].Value} {match.Groups[2].Value}");

    [GeneratedRegex(@"\[LoggerMessage\((\d+), LogLevel\.(\w+),")]
    private static partial Regex Declarations();

    [GeneratedRegex(@"\.Log(Trace|Debug|Information|Warning|Error|Critical)\(|\[LoggerMessage\(\D|Console\.(Error\.)?Write")]
    private static partial Regex Unnumbered();

    [GeneratedRegex(@"^\| (\d{4}) \| (\w+) \|", RegexOptions.Multiline)]
    private static partial Regex Rows();
}
