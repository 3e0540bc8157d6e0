namespace Serverless.Sessions.Ending;

/// <summary>Why a session ended; set at most once and never overwritten. <c>Name</c> is the name on the wire and in storage, which
/// may be unknown, from a newer version.</summary>
public sealed record EndReason(string Name)
{
    public static readonly EndReason Logout = new("logout");

    public static readonly EndReason LogoutAll = new("logout_all");

    /// <summary>The user ended this session from another one.</summary>
    public static readonly EndReason Revoked = new("revoked");

    /// <summary>A newer login took its place under the cap on sessions.</summary>
    public static readonly EndReason Evicted = new("evicted");

    public static readonly EndReason Admin = new("admin");

    /// <summary>Not refreshed for the idle lifetime.</summary>
    public static readonly EndReason ExpiredIdle = new("expired_idle");

    /// <summary>Reached the absolute lifetime, however active it was.</summary>
    public static readonly EndReason ExpiredAbsolute = new("expired_absolute");

    /// <summary>A rotated refresh token was used again: someone else has a copy (RFC 9700, 4.14.2).</summary>
    public static readonly EndReason TokenReuse = new("token_reuse");

    public static readonly EndReason PasswordChanged = new("password_changed");

    /// <summary>The row is gone, and the reason with it: purged after its expiry.</summary>
    public static readonly EndReason Unknown = new("unknown");

    public override string ToString() => Name;
}
