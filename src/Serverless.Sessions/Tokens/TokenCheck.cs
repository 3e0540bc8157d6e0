namespace Serverless.Sessions.Tokens;

/// <summary>What looking at a token found, before anything is asked of storage.</summary>
public enum TokenCheck
{
    /// <summary>Ours, whole, and in time.</summary>
    Valid,

    /// <summary>Ours and whole, but past its expiry.</summary>
    Expired,

    /// <summary>None of ours: malformed, altered, or made for somebody else.</summary>
    Invalid,

    /// <summary>It names a key that this key ring doesn't hold; a newer ring may.</summary>
    UnknownKey,
}
