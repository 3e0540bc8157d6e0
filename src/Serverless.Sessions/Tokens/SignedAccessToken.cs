namespace Serverless.Sessions.Tokens;

/// <summary>An access token as the client sends it, and what it says. It can't be logged by accident.</summary>
/// <param name="Text">The token.</param>
/// <param name="Token">What it says.</param>
public sealed record SignedAccessToken(string Text, AccessToken Token)
{
    /// <summary>Signs the access token that goes with a refresh token.</summary>
    public static SignedAccessToken For(RefreshToken token, KeyRing ring, TokenOptions options, DateTimeOffset now)
    {
        var access = AccessToken.For(token, now, options);
        return new(AccessTokenCodec.Write(access, ring, options, now), access);
    }

    /// <summary>Names the session without giving the token away.</summary>
    public override string ToString() => $"[access token of session {Token.SessionId}]";
}
