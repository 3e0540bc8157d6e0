namespace Serverless.Sessions.Tokens;

/// <summary>A new pair of tokens, as text and content. <see cref="ToString"/> reveals neither text.</summary>
public sealed record IssuedTokens(string AccessText, AccessToken Access, string RefreshText, RefreshToken Refresh)
{
    /// <summary>Writes both tokens.</summary>
    public static IssuedTokens Issue(RefreshToken token, KeyRing ring, TokenOptions options, DateTimeOffset now) =>
        Issue(token, SignedAccessToken.For(token, ring, options, now), ring, now);

    /// <summary>Writes the refresh token that goes with an access token that is already signed.</summary>
    public static IssuedTokens Issue(RefreshToken token, SignedAccessToken access, KeyRing ring, DateTimeOffset now)
    {
        return new(access.Text, access.Token, RefreshTokenCodec.Write(token, ring, now), token);
    }

    /// <summary>Names the session only.</summary>
    public override string ToString() => $"[tokens of session {Refresh.SessionId}]";
}
