namespace EndToEnd.Tests.Hosting;

internal static partial class Overheard
{
    private static readonly string[] Alarming = ["fail:", "crit:", "] Error ", "] Critical ", "Exception", "   at ", "Unhandled"];

    /// <summary>Also parts of a token: its end is the signature or the authentication code.</summary>
    public static IReadOnlyList<string> SecretsIn(string text) =>
    [
        .. Issued.Secrets.Keys.Select(secret => secret[^Math.Min(30, secret.Length)..]).Distinct()
            .Where(part => text.Contains(part, StringComparison.Ordinal)),
    ];

    /// <summary>Emails and full addresses, but no networks and no loopback.</summary>
    public static IReadOnlyList<string> PeopleIn(string text)
    {
        var words = AddressTexts().Matches(text).Select(match => match.Value.Trim(':', '.')).ToHashSet();
        return
        [
            .. Issued.Emails.Keys.Where(email => text.Contains(email, StringComparison.OrdinalIgnoreCase)),
            .. Issued.Addresses.Keys.Where(address => words.Contains(address) && !IPAddress.IsLoopback(IPAddress.Parse(address))),
        ];
    }

    /// <summary>The printed failures. An outage is expected, and its warning names the cause.</summary>
    public static IReadOnlyList<string> FailuresIn(string output) =>
    [
        .. output.Split('\n')
            .Where(line => Alarming.Any(word => line.Contains(word, StringComparison.Ordinal)))
            .Where(line => !line.Contains(" answered 503: ", StringComparison.Ordinal)),
    ];

    public static void IsClean(string output)
    {
        Assert.Equal([], SecretsIn(output));
        Assert.Equal([], PeopleIn(output));
        Assert.Equal([], FailuresIn(output));
    }

    // Whatever looks like an address, with the length of a network's prefix where it has one.
    [GeneratedRegex(@"[0-9a-fA-F:.]*[0-9a-fA-F][.:][0-9a-fA-F:.]+(/\d+)?")]
    private static partial Regex AddressTexts();
}
