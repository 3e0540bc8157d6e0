namespace Serverless.Functions.Tests;

public sealed partial class EventTests
{
    [Fact]
    public void Every_event_stands_in_the_operations_page_with_its_level_and_nothing_else()
    {
        var documented = Rows().Matches(MarkdownTable.Page("operations.md"))
            .Select(row => $"{row.Groups[1].Value} {row.Groups[2].Value}");
        Assert.NotEmpty(Events());
        Assert.Equal(Events().Order(), documented);
    }

    [Fact]
    public void Event_ids_are_distinct() => Assert.Equal(Events().Distinct(), Events());

    [Fact]
    public void All_logging_is_done_by_events() => Assert.DoesNotContain(
        // Nothing can be logged yet where settings are wrong.
        HouseRulesTests.ProductCode.Where(code => !code.Text.Contains("class MisconfiguredApp", StringComparison.Ordinal)),
        code => Unnumbered().IsMatch(code.Text));

    private static IEnumerable<string> Events() =>
        from code in HouseRulesTests.ProductCode
        from declaration in Declarations().Matches(code.Text)
        select $"{declaration.Groups[1].Value} {declaration.Groups[2].Value}";

    [GeneratedRegex(@"\[LoggerMessage\((\d+), LogLevel\.(\w+),")]
    private static partial Regex Declarations();

    [GeneratedRegex(@"\.Log(Trace|Debug|Information|Warning|Error|Critical)\(|\[LoggerMessage\(\D|Console\.(Error\.)?Write")]
    private static partial Regex Unnumbered();

    [GeneratedRegex(@"^\| (\d{4}) \| (\w+) \|", RegexOptions.Multiline)]
    private static partial Regex Rows();
}
