namespace EndToEnd.Tests.Client;

/// <summary>A Set-Cookie header (RFC 6265, 4.1): attribute names in lower case and in alphabetical order.</summary>
public sealed record CookieSet(string Name, string Value, string Attributes)
{
    public static CookieSet Parse(string header)
    {
        var parts = header.Split("; ");
        var equals = parts[0].IndexOf('=', StringComparison.Ordinal);
        return new(parts[0][..equals], parts[0][(equals + 1)..], string.Join("; ", parts.Skip(1).Select(part => part.ToLowerInvariant()).Order(StringComparer.Ordinal)));
    }
}
