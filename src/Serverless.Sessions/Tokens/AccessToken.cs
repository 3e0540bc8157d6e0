namespace Serverless.Sessions.Tokens;

/// <summary>The content of an access token (RFC 9068): short-lived proof of a session to any service.</summary>
public sealed record AccessToken
{
    /// <summary>The user (<c>sub</c>).</summary>
    public required UserId UserId { get; init; }

    /// <summary>The session (first half of <c>sid</c>).</summary>
    public required SessionId SessionId { get; init; }

    /// <summary>The session's number (second half of <c>sid</c>).</summary>
    public required int Number { get; init; }

    /// <summary>The user's roles (<c>roles</c>).</summary>
    public required IReadOnlyList<string> Roles { get; init; }

    /// <summary>When the user logged in (<c>auth_time</c>), to the second.</summary>
    public required DateTimeOffset AuthenticatedAt { get; init; }

    /// <summary>When it was issued (<c>iat</c>), to the second.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>When it expires (<c>exp</c>), to the second.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The access token that goes with a refresh token; it never outlives the session.</summary>
    public static AccessToken For(RefreshToken token, DateTimeOffset now, TokenOptions options)
    {
        var expiresAt = now + options.AccessTokenLifetime;
        return new()
        {
            UserId = token.UserId,
            SessionId = token.SessionId,
            Number = token.Number,
            Roles = token.Roles,
            AuthenticatedAt = ToSecond(token.SessionStartedAt),
            IssuedAt = ToSecond(now),
            ExpiresAt = ToSecond(expiresAt < token.ExpiresAt ? expiresAt : token.ExpiresAt),
        };
    }

    // JWT times are whole seconds (NumericDate); rounding here keeps the record equal to what is read back.
    private static DateTimeOffset ToSecond(DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds());
}
