using Serverless.Sessions.Accounts;
using Serverless.Sessions.Sessions;

namespace Serverless.Sessions.AuditLog;

/// <summary>
/// One thing that happened to a user's sessions or account. It is stored in the transaction that makes it happen, so there is no change
/// without its record and no record of a change that did not happen.
/// </summary>
public sealed record LogEntry
{
    /// <summary>Its identity, and its place among entries of the same instant.</summary>
    public Guid Id { get; init; } = Guid.NewGuid();

    /// <summary>What happened.</summary>
    public required LogAction Action { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>To which session, or from which the account was changed; none for a failed login.</summary>
    public SessionId? SessionId { get; init; }

    /// <summary>From which device and address. Null where no caller was involved.</summary>
    public ClientInfo? Client { get; init; }

    /// <summary>The administrator who did it; null where it was the user or nobody.</summary>
    public UserId? Administrator { get; init; }

    /// <summary>Whether it succeeded.</summary>
    public bool Success { get; init; } = true;

    /// <summary>Why it failed or ended: a stable code, never a secret.</summary>
    public string? Error { get; init; }

    /// <summary>Its place in the chain of its session; none for what happened to no session.</summary>
    public AuditLink? Link { get; init; }

    /// <summary>How far the record of its session goes with it.</summary>
    public AuditHead Head => Link?.Head ?? default;
}

/// <summary>Whose log an entry goes to: a user's, or that of an email without an account.</summary>
public readonly record struct LogOwner
{
    private LogOwner(string key, UserId? user = null) => (Key, User) = (key, user);

    /// <summary>The owner's name in storage.</summary>
    public string Key { get; }

    /// <summary>The user; null for an email without an account.</summary>
    public UserId? User { get; }

    /// <summary>A user's log.</summary>
    public static LogOwner Of(UserId user) => new(user.ToString(), user);

    /// <summary>The log of an email that has no account, so that a failed login costs the same writes with and without.</summary>
    public static LogOwner Of(AccountKey key) => new(key.Value);

    /// <summary>The owner of that name in storage.</summary>
    public static bool TryParse(string? key, out LogOwner owner)
    {
        if (UserId.TryParse(key, out var user))
            owner = Of(user);
        else if (AccountKey.TryParse(key, out var account))
            owner = Of(account);
        else
            owner = default;
        return owner != default;
    }

    /// <inheritdoc/>
    public override string ToString() => Key;
}
