namespace Serverless.Sessions.AuditLog;

/// <summary>One event of a user's sessions or account, stored in the transaction of its change: both or neither.
/// <c>SessionId</c> is the session concerned, or the one that changed the account, and null for a failed login; <c>Error</c> says
/// why it failed or ended, by a stable code, never a secret.</summary>
public sealed record LogEntry(
    LogAction Action, DateTimeOffset At, SessionId? SessionId = null, ClientInfo? Client = null, UserId? Administrator = null,
    bool Success = true, string? Error = null, AuditLink? Link = null)
{
    /// <summary>Random; a login has that of its session, so it is found by it.</summary>
    public Guid Id { get; init; } = Guid.NewGuid();

    /// <summary>How its user proved who they are; none but for a login and a step-up, and before the entries had it.</summary>
    public AuthenticationMethods Methods { get; init; }

    public AuditHead Head => Link?.Head ?? default;
}

/// <summary>The owner of a log, by its name in storage: a user, or an email without an account.</summary>
public readonly record struct LogOwner(string Key, UserId? User = null)
{
    public static LogOwner Of(UserId user) => new(user.ToString(), user);

    /// <summary>So that a failed login costs the same writes with or without an account.</summary>
    public static LogOwner Of(AccountKey key) => new(key.Value);

    public static bool TryParse(string? key, out LogOwner owner)
    {
        owner = UserId.TryParse(key, out var user) ? Of(user) : AccountKey.TryParse(key, out var account) ? Of(account) : default;
        return owner != default;
    }

    public override string ToString() => Key;
}

/// <summary><c>Name</c>, on the wire and in storage, may be an unknown one of a newer version. <c>SessionRevoked</c> is an end
/// from elsewhere, for the reason in the entry's error; <c>RolesChanged</c> or <c>EmailChanged</c> with a session: the change
/// reached it.</summary>
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

    /// <summary>By an administrator: disabled, or without its password from then on.</summary>
    public static readonly LogAction AccountSecured = new("account_secured");
    public static readonly LogAction RolesChanged = new("roles_changed");
    public static readonly LogAction TokenRefresh = new("token_refresh");
    public static readonly LogAction SessionRegenerated = new("session_regenerated");
    public static readonly LogAction SteppedUp = new("stepped_up");
    public static readonly LogAction SessionExpired = new("session_expired");
    public static readonly LogAction TokenReuse = new("token_reuse");
    public static readonly LogAction PasswordChanged = new("password_changed");

    public static readonly LogAction PasswordReset = new("password_reset");
    public static readonly LogAction PasswordResetSent = new("password_reset_sent");
    public static readonly LogAction EmailVerified = new("email_verified");
    public static readonly LogAction EmailChanged = new("email_changed");
    public static readonly LogAction EmailTakenBack = new("email_taken_back");
    public static readonly LogAction AccountClosing = new("account_closing");
    public static readonly LogAction AccountRestored = new("account_restored");
    public static readonly LogAction PasskeyAdded = new("passkey_added");
    public static readonly LogAction PasskeyRemoved = new("passkey_removed");
    public static readonly LogAction PasskeyReviewed = new("passkey_reviewed");

    /// <summary>A refused login or step-up, whose error is the passkey's id.</summary>
    public static readonly LogAction PasskeyCloned = new("passkey_cloned");

    private static readonly HashSet<LogAction> OfAccounts =
    [
        AccountCreated, AccountDisabled, AccountEnabled, AccountSecured, RolesChanged, PasswordChanged, PasswordReset, PasswordResetSent,
        EmailVerified, EmailChanged, EmailTakenBack, AccountClosing, AccountRestored, PasskeyAdded, PasskeyRemoved, PasskeyReviewed,
        PasskeyCloned,
    ];

    /// <summary>Those that this version knows.</summary>
    public static IReadOnlyList<LogAction> All { get; } =
    [
        Login, AccountLocked, Logout, LogoutAll, SessionRevoked, TokenRefresh, SessionRegenerated, SteppedUp, SessionExpired, TokenReuse,
        .. OfAccounts,
    ];

    public static LogAction? Find(string? name) => All.FirstOrDefault(action => action.Name == name);

    /// <summary>Whether it concerns an account. The entry may name a session that requested it, but isn't in its chain.</summary>
    public bool IsOfAccount => OfAccounts.Contains(this);

    /// <summary>Whether it may be recorded in the timeline, too; also true for one of a newer version.</summary>
    internal bool IsActivity =>
        this != TokenRefresh && this != SessionRegenerated && this != SteppedUp
            && (this == RolesChanged || this == PasskeyCloned || !IsOfAccount);

    public static LogAction Of(EndReason reason) => reason switch
    {
        _ when reason == EndReason.Logout => Logout,
        _ when reason == EndReason.LogoutAll => LogoutAll,
        _ when reason == EndReason.Revoked || reason == EndReason.Evicted || reason == EndReason.Admin
            || reason == EndReason.PasswordChanged || reason == EndReason.PasswordReset || reason == EndReason.EmailTakenBack
            || reason == EndReason.AccountClosed || reason == EndReason.LocationChanged => SessionRevoked,
        _ when reason == EndReason.TokenReuse => TokenReuse,
        // An expiry, or a reason of a newer version.
        _ => SessionExpired,
    };

    public override string ToString() => Name;
}
