namespace Serverless.Functions.Http;

/// <summary>The <c>address</c> that entries are filtered by, as they hold it: an address, or a group of them.</summary>
internal static class AddressFilter
{
    public static string? Read(string? text) =>
        text is null ? null
        : Parse(text) ?? throw ProblemException.InvalidField(
            "address", "must be an IP address, the first four hextets of an IPv6 one, or unknown.");

    // An IPv4 address is its own group, in its one spelling: "1" and "010.0.0.1", which parse, hardly mean 0.0.0.1 and 8.0.0.1.
    public static string? Parse(string text) =>
        IpAddressGroup.IsGroup(text) ? text
        : text.Contains(':') && IPAddress.TryParse(text, out var address) ? ClientAddress.Canonical(address)
        : null;
}
