namespace Serverless.Sessions.Tokens;

/// <summary>The content of an access token (RFC 9068): short-lived proof of a session to any service.</summary>
public sealed record AccessToken(
    UserId UserId, SessionId SessionId, int Number, IReadOnlyList<string> Roles,
    DateTimeOffset AuthenticatedAt, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt)
{
    /// <summary>Returns an access token that never outlives the session.</summary>
    public static AccessToken For(RefreshToken token, DateTimeOffset now, TokenOptions options)
    {
        var expiresAt = now + options.AccessTokenLifetime;
        return new(
            token.UserId, token.SessionId, token.Number, token.Roles, AuthenticatedAt: ToSecond(token.SessionStartedAt),
            IssuedAt: ToSecond(now), ExpiresAt: ToSecond(expiresAt < token.ExpiresAt ? expiresAt : token.ExpiresAt));
    }

    // JWT times are whole seconds (NumericDate); rounding here keeps the record equal to what is read back.
    private static DateTimeOffset ToSecond(DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds());
}
