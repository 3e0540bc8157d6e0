namespace Serverless.Functions.Http;

/// <summary>The token response of login and refresh (RFC 6749, 5.1).</summary>
internal abstract class TokenBody(IssuedTokens tokens, SessionPolicies policies, bool byCookie)
{
    public const string InactivityTimeoutMeaning =
        "Seconds of inactivity after which the session ends; absent where no policy (`Policies__{role}__Inactivity`) ends it.";

    [AllowedValues("Bearer")]
    public string TokenType { get; init; } = "Bearer";

    [Description("A signed JWT (RFC 9068, ES256).")]
    public string AccessToken { get; init; } = tokens.AccessText;

    [Description("Lifetime of the access token in seconds.")]
    public long ExpiresIn { get; init; } = SecondsFrom(tokens.Access.IssuedAt, tokens.Access.ExpiresAt);

    [JsonIgnore(Condition = WhenWritingNull), Description("Valid for one refresh; absent in cookie mode.")]
    public string? RefreshToken { get; init; } = byCookie ? null : tokens.RefreshText;

    [Description("Seconds until the refresh token expires unless refreshed.")]
    public long RefreshExpiresIn { get; init; } = SecondsFrom(tokens.Access.IssuedAt, tokens.Refresh.ExpiresAt);

    [JsonIgnore(Condition = WhenWritingNull), Description(InactivityTimeoutMeaning)]
    public long? InactivityTimeout { get; init; } = policies.Of(tokens.Refresh).InactivitySeconds;

    private static long SecondsFrom(DateTimeOffset from, DateTimeOffset to) => (long)(to - from).TotalSeconds;
}
