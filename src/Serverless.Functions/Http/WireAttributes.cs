namespace Serverless.Functions.Http;

/// <summary>A text that is one of the names of a type: of its static fields, or of the values of an enum. Beside the attributes of the
/// platform these say in openapi.json what a wire type is like.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal sealed class NamesOfAttribute(Type type) : Attribute
{
    public Type Type => type;

    /// <summary>Whether later releases may have others.</summary>
    public bool IsOpen { get; init; }
}

/// <summary>A list that holds nothing twice.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
internal sealed class DistinctAttribute : Attribute;

/// <summary>A body that must have one of its fields.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class NotEmptyAttribute : Attribute;

/// <summary>What texts on the wire look like. On a list it is meant of its items.</summary>
internal static class Pattern
{
    public const string UserId = "^[0-9a-f]{2}[0-9A-HJKMNP-TV-Z]{26}$";

    /// <summary>Of sessions, log entries, security events and emails without an account.</summary>
    public const string Id = "^[0-9a-f]{32}$";

    public const string Role = "^[a-z0-9._-]{1,32}$";

    public const string Day = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$";

    /// <summary>32 bytes as base64url.</summary>
    public const string Coordinate = "^[A-Za-z0-9_-]{43}$";
}
