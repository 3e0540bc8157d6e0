namespace Serverless.Sessions.AuditLog;

/// <summary>One event of a user's sessions or account, stored in the transaction of its change: both or neither.</summary>
public sealed record LogEntry
{
    public Guid Id { get; init; } = Guid.NewGuid();

    public required LogAction Action { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>The session concerned, or the one that changed the account; null for a failed login.</summary>
    public SessionId? SessionId { get; init; }

    /// <summary>Null if no caller was involved.</summary>
    public ClientInfo? Client { get; init; }

    public UserId? Administrator { get; init; }

    public bool Success { get; init; } = true;

    /// <summary>Why it failed or ended: a stable code, never a secret.</summary>
    public string? Error { get; init; }

    public AuditLink? Link { get; init; }

    public AuditHead Head => Link?.Head ?? default;

    internal static LogEntry Of(LogAction action, DateTimeOffset at, SessionId? session, Actor? by) =>
        new() { Action = action, At = at, SessionId = session, Client = by?.Client, Administrator = by?.Administrator };
}

/// <summary>The owner of a log: a user, or an email without an account.</summary>
public readonly record struct LogOwner
{
    private LogOwner(string key, UserId? user = null) => (Key, User) = (key, user);

    /// <summary>In storage.</summary>
    public string Key { get; }

    public UserId? User { get; }

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
