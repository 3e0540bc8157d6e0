namespace Serverless.Sessions.Tokens;

/// <summary>The content of a refresh token: everything that the conditional write and the next access token need, so that a
/// refresh reads nothing. Derived, not random: the successor of a generation can be issued again. <c>Version</c> is that of the
/// row that the rotation expects. <c>CreatedAt</c> is the login, null in a token of the previous release.</summary>
public sealed record RefreshToken(
    UserId UserId, SessionId SessionId, int Number, int Generation, DateTimeOffset IssuedAt, DateTimeOffset NumberStartedAt,
    DateTimeOffset ExpiresAt, DateTimeOffset AbsoluteExpiresAt, bool Remember, SessionClaims Claims, RowVersion Version, AuditHead Audit)
{
    /// <summary>Where the session was last used as far as that is known; null if it never was.</summary>
    public string? Country { get; init; }

    /// <summary>When it was used in <see cref="Country"/>; the token may be younger.</summary>
    public DateTimeOffset LocatedAt { get; init; } = IssuedAt;
    public DateTimeOffset? CreatedAt { get; init; }
    public EndReason ExpiryReason { get; init; } = EndReason.ExpiredIdle;

    public override string ToString() => $"[refresh token {Generation} of session {SessionId}]";
}

/// <summary>A new pair of tokens, as text and content. <see cref="ToString"/> reveals neither text.</summary>
public sealed record IssuedTokens(string AccessText, AccessToken Access, string RefreshText, RefreshToken Refresh)
{
    public static IssuedTokens Issue(RefreshToken token, KeyRing ring, TokenOptions options, DateTimeOffset now)
    {
        var access = AccessToken.For(token, now, options);
        return new(AccessTokenCodec.Write(access, ring, options, now), access, RefreshTokenCodec.Write(token, ring, now), token);
    }

    public override string ToString() => $"[tokens of session {Refresh.SessionId}]";
}
