namespace Serverless.Sessions.Tokens;

/// <summary>A new pair of tokens, as text and content. <see cref="ToString"/> reveals neither text.</summary>
public sealed record IssuedTokens(string AccessText, AccessToken Access, string RefreshText, RefreshToken Refresh)
{
    public static IssuedTokens Issue(RefreshToken token, KeyRing ring, TokenOptions options, DateTimeOffset now) =>
        Issue(token, SignedAccessToken.For(token, ring, options, now), ring, now);

    public static IssuedTokens Issue(RefreshToken token, SignedAccessToken access, KeyRing ring, DateTimeOffset now) =>
        new(access.Text, access.Token, RefreshTokenCodec.Write(token, ring, now), token);

    public override string ToString() => $"[tokens of session {Refresh.SessionId}]";
}

/// <summary>An access token as text and content. <see cref="ToString"/> doesn't reveal the text.</summary>
public sealed record SignedAccessToken(string Text, AccessToken Token)
{
    public static SignedAccessToken For(RefreshToken token, KeyRing ring, TokenOptions options, DateTimeOffset now)
    {
        var access = AccessToken.For(token, now, options);
        return new(AccessTokenCodec.Write(access, ring, options, now), access);
    }

    public override string ToString() => $"[access token of session {Token.SessionId}]";
}
