using Serverless.Sessions.Tokens;

namespace Serverless.Functions.Sessions;

/// <summary>The token fields that login and refresh have in common (RFC 6749, 5.1); lifetimes in whole seconds.</summary>
internal readonly record struct TokenFields(string AccessToken, long ExpiresIn, string RefreshToken, long RefreshExpiresIn)
{
    /// <summary>The one token type (RFC 6750).</summary>
    public const string Type = "Bearer";

    public static TokenFields Of(IssuedTokens tokens) => new(
        tokens.AccessText,
        SecondsFrom(tokens.Access.IssuedAt, tokens.Access.ExpiresAt),
        tokens.RefreshText,
        SecondsFrom(tokens.Access.IssuedAt, tokens.Refresh.ExpiresAt));

    /// <summary>Gives no token away.</summary>
    public override string ToString() => "[tokens]";

    private static long SecondsFrom(DateTimeOffset from, DateTimeOffset to) => (long)(to - from).TotalSeconds;
}
