namespace Serverless.Sessions.Tokens;

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
