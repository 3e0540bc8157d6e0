namespace Serverless.Sessions.Tokens;

/// <summary>An access token as text and content. <see cref="ToString"/> doesn't reveal the text.</summary>
public sealed record SignedAccessToken(string Text, AccessToken Token)
{
    /// <summary>Signs the access token that goes with a refresh token.</summary>
    public static SignedAccessToken For(RefreshToken token, KeyRing ring, TokenOptions options, DateTimeOffset now)
    {
        var access = AccessToken.For(token, now, options);
        return new(AccessTokenCodec.Write(access, ring, options, now), access);
    }

    /// <summary>Names the session only.</summary>
    public override string ToString() => $"[access token of session {Token.SessionId}]";
}
