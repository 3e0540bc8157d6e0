namespace EndToEnd.Tests.Readme;

/// <param name="Variable">The variable that it sets, if any.</param>
internal sealed record ReadmeCommand(string Text, string? Variable, IReadOnlyList<string> Expectations)
{
    /// <returns>What is wrong with the output; null where it is as expected.</returns>
    public string? Refuse(string output)
    {
        if (Variable is not null && output.Trim().Length == 0)
            return $"{Variable} is empty";
        return Expectations.Where(expectation => !ReadmeScript.Fits(expectation, output))
            .Select(expectation => $"not '{expectation}'").FirstOrDefault();
    }
}

/// <summary>Lines of <c>sh</c> blocks with curl or a variable; a comment below such as <c># 204</c> says what they show.</summary>
internal static partial class ReadmeScript
{
    public static IReadOnlyList<ReadmeCommand> Parse(string markdown)
    {
        var commands = new List<ReadmeCommand>();
        foreach (var block in Blocks().Matches(markdown).Select(match => match.Groups["code"].Value))
        {
            var lines = new Queue<string>(block.Split('\n'));
            while (lines.TryDequeue(out var line))
            {
                if (!Command().IsMatch(line))
                    continue;
                while (line.EndsWith('\\') && lines.TryDequeue(out var next))
                    line += '\n' + next;
                var variable = Assignment().Match(line) is { Success: true } match ? match.Groups["name"].Value : null;
                commands.Add(new(line, variable, [.. ExpectationsBelow(lines)]));
            }
        }

        return commands;
    }

    /// <summary>Three digits are the status that curl shows; in all else <c>...</c> is what is left out.</summary>
    public static bool Fits(string expectation, string output)
    {
        if (StatusExpectation().Match(expectation) is { Success: true } status)
            return ShownStatus(output) == status.Groups["status"].Value;
        var at = 0;
        foreach (var part in expectation.Split("...", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var found = output.IndexOf(part, at, StringComparison.Ordinal);
            if (found < 0)
                return false;
            at = found + part.Length;
        }

        return at > 0;
    }

    private static IEnumerable<string> ExpectationsBelow(Queue<string> lines)
    {
        while (lines.TryPeek(out var line) && Expectation().Match(line) is { Success: true } match)
        {
            lines.Dequeue();
            yield return match.Groups["what"].Value.Trim();
        }
    }

    // The last status line of curl -i, or what -w '%{http_code}' put at the end.
    private static string? ShownStatus(string output) =>
        StatusLine().Matches(output).LastOrDefault()?.Groups["status"].Value
        ?? StatusAtTheEnd().Match(output) switch { { Success: true } match => match.Groups["status"].Value, _ => null };

    [GeneratedRegex(@"^```sh[ \t]*\r?\n(?<code>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Blocks();

    [GeneratedRegex("^(curl |[A-Za-z_][A-Za-z0-9_]*=)")]
    private static partial Regex Command();

    [GeneratedRegex("^(?<name>[A-Za-z_][A-Za-z0-9_]*)=")]
    private static partial Regex Assignment();

    [GeneratedRegex(@"^# (?<what>(\d{3}\b|\{).*)$")]
    private static partial Regex Expectation();

    [GeneratedRegex(@"^(?<status>\d{3})\b")]
    private static partial Regex StatusExpectation();

    [GeneratedRegex(@"^HTTP/[\d.]+ (?<status>\d{3})", RegexOptions.Multiline)]
    private static partial Regex StatusLine();

    [GeneratedRegex(@"(?<status>\d{3})\s*$")]
    private static partial Regex StatusAtTheEnd();
}
