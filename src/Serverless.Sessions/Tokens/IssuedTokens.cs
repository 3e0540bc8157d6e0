namespace Serverless.Sessions.Tokens;

/// <summary>A new pair of tokens and what it is good for. It can't be logged by accident.</summary>
/// <param name="AccessText">The access token as the client sends it.</param>
/// <param name="Access">What it says.</param>
/// <param name="RefreshText">The refresh token as the client sends it.</param>
/// <param name="Refresh">What it says.</param>
public sealed record IssuedTokens(string AccessText, AccessToken Access, string RefreshText, RefreshToken Refresh)
{
    /// <summary>Writes both tokens.</summary>
    public static IssuedTokens Issue(RefreshToken token, KeyRing ring, TokenOptions options, DateTimeOffset now) =>
        Issue(token, SignedAccessToken.For(token, ring, options, now), ring, now);

    /// <summary>Writes the refresh token that goes with an access token which is signed already.</summary>
    public static IssuedTokens Issue(RefreshToken token, SignedAccessToken access, KeyRing ring, DateTimeOffset now)
    {
        return new(access.Text, access.Token, RefreshTokenCodec.Write(token, ring, now), token);
    }

    /// <summary>Names the session without giving a token away.</summary>
    public override string ToString() => $"[tokens of session {Refresh.SessionId}]";
}
