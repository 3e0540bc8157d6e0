namespace Serverless.Sessions.AuditLog;

/// <summary>One event of a user's sessions or account, stored in the transaction of its change: both or neither.
/// <c>SessionId</c> is the session concerned, or the one that changed the account, and null for a failed login; <c>Error</c> says
/// why it failed or ended, by a stable code, never a secret.</summary>
public sealed record LogEntry(
    LogAction Action, DateTimeOffset At, SessionId? SessionId = null, ClientInfo? Client = null, UserId? Administrator = null,
    bool Success = true, string? Error = null, AuditLink? Link = null)
{
    public Guid Id { get; init; } = Guid.NewGuid();

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
