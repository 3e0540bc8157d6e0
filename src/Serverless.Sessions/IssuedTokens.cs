using Serverless.Sessions.Tokens;

namespace Serverless.Sessions;

/// <summary>A new pair of tokens and what it is good for. It can't be logged by accident.</summary>
/// <param name="AccessText">The access token as the client sends it.</param>
/// <param name="Access">What it says.</param>
/// <param name="RefreshText">The refresh token as the client sends it.</param>
/// <param name="Refresh">What it says.</param>
public sealed record IssuedTokens(string AccessText, AccessToken Access, string RefreshText, RefreshToken Refresh)
{
    /// <summary>Writes both tokens.</summary>
    public static IssuedTokens Issue(RefreshToken token, KeyRing ring, TokenOptions options, DateTimeOffset now)
    {
        var access = AccessToken.For(token, now, options);
        return new(AccessTokenCodec.Write(access, ring, options, now), access, RefreshTokenCodec.Write(token, ring, now), token);
    }

    /// <summary>Names the session without giving a token away.</summary>
    public override string ToString() => $"[tokens of session {Refresh.SessionId}]";
}
