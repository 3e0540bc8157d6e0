namespace EndToEnd.Tests.Client;

/// <summary>Every secret, email and address that went over the wire, so that a test can look for them where they must not be.</summary>
internal static partial class Issued
{
    public static ConcurrentDictionary<string, bool> Secrets { get; } = [];

    public static void Add(string? secret)
    {
        if (secret is { Length: >= 12 })
            Secrets[secret] = true;
    }

    public static ConcurrentDictionary<string, bool> Emails { get; } = [];
    public static ConcurrentDictionary<string, bool> Addresses { get; } = [];

    public static void Add(string body, IEnumerable<string> forwardedFor)
    {
        foreach (Match password in Passwords().Matches(body))
            Add(password.Groups[1].Value);
        foreach (Match email in EmailTexts().Matches(body))
            Emails[email.Value] = true;
        foreach (var entry in forwardedFor.SelectMany(header => header.Split(',')).Select(entry => entry.Trim()))
        {
            // A bare IPv6 address is no end point: its last group would be taken for a port.
            if (IPAddress.TryParse(entry, out var address) || (IPEndPoint.TryParse(entry, out var end) && (address = end.Address) is not null))
                Addresses[address.ToString()] = true;
        }
    }

    [GeneratedRegex("[pP]assword\":\"([^\"]{12,})\"")]
    private static partial Regex Passwords();

    [GeneratedRegex("[^\"\\s]{3,}@[^\"\\s]{3,}")]
    private static partial Regex EmailTexts();
}
