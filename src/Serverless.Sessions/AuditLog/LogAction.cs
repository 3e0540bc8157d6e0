namespace Serverless.Sessions.AuditLog;

/// <summary><c>Name</c>, on the wire and in storage, may be an unknown one of a newer version. <c>SessionRevoked</c> is an end
/// from elsewhere, for the reason in the entry's error; <c>RolesChanged</c> with a session: the change reached it.</summary>
public sealed record LogAction(string Name)
{
    public static readonly LogAction Login = new("login");
    public static readonly LogAction AccountLocked = new("account_locked");
    public static readonly LogAction Logout = new("logout");
    public static readonly LogAction LogoutAll = new("logout_all");
    public static readonly LogAction SessionRevoked = new("session_revoked");
    public static readonly LogAction AccountCreated = new("account_created");
    public static readonly LogAction AccountDisabled = new("account_disabled");
    public static readonly LogAction AccountEnabled = new("account_enabled");
    public static readonly LogAction RolesChanged = new("roles_changed");
    public static readonly LogAction TokenRefresh = new("token_refresh");
    public static readonly LogAction SessionRegenerated = new("session_regenerated");
    public static readonly LogAction SessionExpired = new("session_expired");
    public static readonly LogAction TokenReuse = new("token_reuse");
    public static readonly LogAction PasswordChanged = new("password_changed");

    private static readonly HashSet<LogAction> OfAccounts = [AccountCreated, AccountDisabled, AccountEnabled, RolesChanged, PasswordChanged];

    /// <summary>Whether it concerns an account. The entry may name a session that requested it, but isn't in its chain.</summary>
    public bool IsOfAccount => OfAccounts.Contains(this);

    public static LogAction Of(EndReason reason) => reason switch
    {
        _ when reason == EndReason.Logout => Logout,
        _ when reason == EndReason.LogoutAll => LogoutAll,
        _ when reason == EndReason.Revoked || reason == EndReason.Evicted || reason == EndReason.Admin
            || reason == EndReason.PasswordChanged => SessionRevoked,
        _ when reason == EndReason.TokenReuse => TokenReuse,
        // An expiry, or a reason of a newer version.
        _ => SessionExpired,
    };

    public override string ToString() => Name;
}
