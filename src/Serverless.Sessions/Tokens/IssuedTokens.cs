namespace Serverless.Sessions.Tokens;

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
