namespace Serverless.Functions.Tests;

public sealed partial class SecurityDocumentTests
{
    [Fact]
    public void The_tests_that_the_security_page_names_exist()
    {
        var tests = Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, "tests"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Select(File.ReadAllText)
            .SelectMany(text => Classes().Matches(text).SelectMany(type =>
                Facts().Matches(text).Select(test => $"{type.Groups[1].Value}.{test.Groups[1].Value}")))
            .ToHashSet();

        var named = Named().Matches(MarkdownTable.Page("security.md")).Select(match => match.Groups[1].Value).ToList();

        Assert.True(named.Count > 40, $"Only {named.Count} tests are named.");
        Assert.Empty(named.Except(tests));
    }

    [GeneratedRegex(@"^public (?:sealed |abstract |partial )*class (\w+)", RegexOptions.Multiline)]
    private static partial Regex Classes();

    [GeneratedRegex(@"\[(?:OwnApp)?(?:Fact|Theory)[^\n]*\]\s+(?:\[[^\n]*\]\s+)*public (?:async )?(?:Task|void) (\w+)\(")]
    private static partial Regex Facts();

    [GeneratedRegex(@"`(\w+Tests\.\w+)`")]
    private static partial Regex Named();
}
