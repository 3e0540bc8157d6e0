namespace Serverless.Sessions.Tokens;

/// <summary>The content of an access token (RFC 9068): short-lived proof of a session to any service.</summary>
public sealed record AccessToken
{
    /// <summary>The <c>sub</c> claim.</summary>
    public required UserId UserId { get; init; }

    /// <summary>The first half of the <c>sid</c> claim.</summary>
    public required SessionId SessionId { get; init; }

    /// <summary>The second half of the <c>sid</c> claim.</summary>
    public required int Number { get; init; }

    public required IReadOnlyList<string> Roles { get; init; }

    /// <summary>The <c>auth_time</c> claim, to the second.</summary>
    public required DateTimeOffset AuthenticatedAt { get; init; }

    /// <summary>The <c>iat</c> claim, to the second.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>The <c>exp</c> claim, to the second.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Returns an access token that never outlives the session.</summary>
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
