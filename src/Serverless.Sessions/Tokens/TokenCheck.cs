namespace Serverless.Sessions.Tokens;

/// <summary>The verdict on a token, before storage is read.</summary>
public enum TokenCheck
{
    Valid,
    Expired,

    /// <summary>Malformed, altered, or for another issuer or audience.</summary>
    Invalid,

    /// <summary>The key isn't on this ring; it may be on a newer one.</summary>
    UnknownKey,
}
