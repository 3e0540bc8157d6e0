namespace Serverless.Sessions.Tokens;

/// <summary>A new pair of tokens, as text and content. <see cref="ToString"/> reveals neither text.</summary>
public sealed record IssuedTokens(string AccessText, AccessToken Access, string RefreshText, RefreshToken Refresh)
{
    public static IssuedTokens Issue(RefreshToken token, KeyRing ring, TokenOptions options, DateTimeOffset now) =>
        Issue(token, SignedAccessToken.For(token, ring, options, now), ring, now);

    public static IssuedTokens Issue(RefreshToken token, SignedAccessToken access, KeyRing ring, DateTimeOffset now)
    {
        return new(access.Text, access.Token, RefreshTokenCodec.Write(token, ring, now), token);
    }

    public override string ToString() => $"[tokens of session {Refresh.SessionId}]";
}
