namespace Serverless.Functions.Passkeys;

/// <summary>Fields that several bodies about passkeys have, and whether this service has passkeys at all.</summary>
internal static class PasskeyFields
{
    public const string StateIs = "That of the options.";
    public const string NewCredentialIs =
        "The `RegistrationResponseJSON` of WebAuthn Level 3: what `toJSON` of the browser's credential returns.";

    public static void RequirePasskeys(PasskeyOptions options)
    {
        if (!options.IsOn)
            throw new ProblemException(ProblemCode.NotFound, "This service has no passkeys: Passkeys__RelyingPartyId is not set.");
    }

    /// <summary>Browsers say in the header which page asks.</summary>
    public static string? OriginOf(HttpRequestData request) => request.SingleHeader("Origin");

    public static PasskeyResponse ReadResponse(string? state, JsonElement? credential, string? origin)
    {
        if (string.IsNullOrEmpty(state))
            throw ProblemException.InvalidField("state", "is missing.");
        return credential switch
        {
            null => throw ProblemException.InvalidField("credential", "is missing."),
            { ValueKind: not JsonValueKind.Object } => throw ProblemException.InvalidField("credential", "must be an object."),
            { } given => new(state, given, origin),
        };
    }

    /// <summary>Null if nothing visible is left of it.</summary>
    public static string? ReadName(string? name)
    {
        AccountFields.CheckName(name, "name", Passkey.MaximumNameLength);
        return TextSanitizer.Strip(name, Passkey.MaximumNameLength);
    }
}

internal sealed record CeremonyBody(
    [Description("For `navigator.credentials`, as WebAuthn Level 3 writes it in JSON; a browser reads it with "
        + "`PublicKeyCredential.parseCreationOptionsFromJSON` or `parseRequestOptionsFromJSON`.")] JsonElement Options,
    [Description("Goes back with the credential; works once.")] string State,
    [Description("When the state expires: after 5 minutes.")] DateTimeOffset ExpiresAt) : RedactedBody
{
    public static CeremonyBody Of(Ceremony ceremony) => new(JsonElement.Parse(ceremony.Options), ceremony.State, ceremony.ExpiresAt);
}
