namespace Serverless.Sessions.Ending;

/// <summary>Never overwritten. <c>Name</c>, on the wire and in storage, may be an unknown one of a newer version.</summary>
public sealed record EndReason(string Name)
{
    public static readonly EndReason Logout = new("logout");
    public static readonly EndReason LogoutAll = new("logout_all");
    public static readonly EndReason Revoked = new("revoked");
    public static readonly EndReason Evicted = new("evicted");
    public static readonly EndReason Admin = new("admin");
    public static readonly EndReason ExpiredIdle = new("expired_idle");
    public static readonly EndReason ExpiredAbsolute = new("expired_absolute");

    /// <summary>An expiry, too: the user did nothing for as long as a policy allows.</summary>
    public static readonly EndReason Inactive = new("inactive");

    /// <summary>A rotated refresh token was used again: someone else has a copy (RFC 9700, 4.14.2).</summary>
    public static readonly EndReason TokenReuse = new("token_reuse");

    public static readonly EndReason PasswordChanged = new("password_changed");
    public static readonly EndReason PasswordReset = new("password_reset");
    public static readonly EndReason EmailTakenBack = new("email_taken_back");
    public static readonly EndReason AccountClosed = new("account_closed");

    /// <summary>It was refreshed from another country, and the settings end it for that.</summary>
    public static readonly EndReason LocationChanged = new("location_changed");

    /// <summary>The row is gone, and the reason with it: purged after its expiry.</summary>
    public static readonly EndReason Unknown = new("unknown");

    public override string ToString() => Name;
}
