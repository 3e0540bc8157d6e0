namespace Serverless.Functions.Http;

/// <summary>A string that is one of the names of a type: of its static fields, or of an enum's values. Like the platform's attributes,
/// these describe wire types in openapi.json.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal sealed class NamesOfAttribute(Type type) : Attribute
{
    public Type Type => type;

    /// <summary>Whether later releases may add names.</summary>
    public bool IsOpen { get; init; }
}

[AttributeUsage(AttributeTargets.Parameter)]
internal sealed class DistinctAttribute : Attribute;

[AttributeUsage(AttributeTargets.Class)]
internal sealed class NotEmptyAttribute : Attribute;

/// <summary>Patterns of strings on the wire. On a list, they apply to its items.</summary>
internal static class Pattern
{
    public const string UserId = "^[0-9a-f]{2}[0-9A-HJKMNP-TV-Z]{26}$";
    public const string Id = "^[0-9a-f]{32}$"; // Sessions, log entries, security events; keys of emails without an account.
    public const string Role = "^[a-z0-9._-]{1,32}$";
    public const string Country = "^[A-Z]{2}$";
    public const string Day = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$";
    public const string Coordinate = "^[A-Za-z0-9_-]{43}$"; // 32 bytes as base64url.
}
