using System.Text.Json.Serialization;

namespace Serverless.Sessions.Tokens;

/// <summary>The content of an access token (RFC 9068): short-lived proof of a session to any service.</summary>
public sealed record AccessToken(
    UserId UserId, SessionId SessionId, int Number, IReadOnlyList<string> Roles,
    Authentication Authentication, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt)
{
    /// <summary>Returns an access token that never outlives the session.</summary>
    public static AccessToken For(RefreshToken token, DateTimeOffset now, TokenOptions options)
    {
        var expiresAt = now + options.AccessTokenLifetime;
        var (roles, authentication) = token.Claims;
        return new(
            token.UserId, token.SessionId, token.Number, roles,
            authentication with { At = ToSecond(authentication.At) }, IssuedAt: ToSecond(now),
            ExpiresAt: ToSecond(expiresAt < token.ExpiresAt ? expiresAt : token.ExpiresAt));
    }

    // JWT times are whole seconds (NumericDate); rounding here keeps the record equal to what is read back.
    private static DateTimeOffset ToSecond(DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds());
}

/// <summary>The claims of an access token in their order (RFC 9068, 2.2, with the <c>sid</c> of OpenID Connect).</summary>
internal sealed record AccessTokenClaims(
    string? Iss, string? Aud, string? ClientId, string? Sub, string? Sid, long Iat, long Exp, Guid Jti,
    IReadOnlyList<string>? Roles, long AuthTime, IReadOnlyList<string>? Amr)
{
    public static AccessTokenClaims Of(AccessToken token, TokenOptions options) => new(
        options.Issuer, options.Audience, options.ClientId, token.UserId.ToString(),
        string.Create(CultureInfo.InvariantCulture, $"{token.SessionId}.{token.Number}"), token.IssuedAt.ToUnixTimeSeconds(),
        token.ExpiresAt.ToUnixTimeSeconds(), Guid.NewGuid(), token.Roles, token.Authentication.At.ToUnixTimeSeconds(),
        token.Authentication.Methods.ToNames());

    public AccessToken? ToToken(TokenOptions options) =>
        Iss == options.Issuer && Aud == options.Audience
        && UserId.TryParse(Sub, out var userId) && Sid?.Split('.') is [var session, var counter]
        && SessionId.TryParse(session, out var sessionId)
        && int.TryParse(counter, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new(
                userId, sessionId, number, Roles ?? [],
                new(DateTimeOffset.FromUnixTimeSeconds(AuthTime), AuthenticationMethodNames.Of(Amr ?? ["pwd"])),
                IssuedAt: DateTimeOffset.FromUnixTimeSeconds(Iat), ExpiresAt: DateTimeOffset.FromUnixTimeSeconds(Exp))
            : null;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(AccessTokenClaims))]
internal sealed partial class JwtJsonContext : JsonSerializerContext;
