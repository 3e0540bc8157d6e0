using EndToEnd.Tests.Client;

namespace EndToEnd.Tests.Hosting;

/// <summary>What an app says that it shouldn't.</summary>
internal static class Overheard
{
    private static readonly string[] Alarming = ["fail:", "crit:", "Exception", "   at ", "Unhandled"];

    /// <summary>The secrets in a text. A part of a token is as bad as the whole: its end is the signature, or the
    /// authentication code.</summary>
    public static IReadOnlyList<string> SecretsIn(string text) =>
    [
        .. Issued.Secrets.Keys.Select(secret => secret[^Math.Min(30, secret.Length)..]).Distinct()
            .Where(part => text.Contains(part, StringComparison.Ordinal)),
    ];

    /// <summary>The printed lines that tell of a failure that nobody expected. An outage is expected, and its warning names the
    /// cause.</summary>
    public static IReadOnlyList<string> FailuresIn(string output) =>
    [
        .. output.Split('\n')
            .Where(line => Alarming.Any(word => line.Contains(word, StringComparison.Ordinal)))
            .Where(line => !IsOutage(line)),
    ];

    private static bool IsOutage(string line) =>
        line.Contains("warn:", StringComparison.Ordinal) && line.Contains(" 503: ", StringComparison.Ordinal);

    /// <summary>Fails where an app printed what it shouldn't.</summary>
    public static void IsClean(string output)
    {
        Assert.Equal([], SecretsIn(output));
        Assert.Equal([], FailuresIn(output));
    }
}
