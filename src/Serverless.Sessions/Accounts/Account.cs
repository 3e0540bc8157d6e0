namespace Serverless.Sessions.Accounts;

/// <summary>A user's account.</summary>
public sealed record Account
{
    /// <summary>The user.</summary>
    public required UserId Id { get; init; }

    /// <summary>The address that the user logs in with.</summary>
    public required Email Email { get; init; }

    /// <summary>The password's hash.</summary>
    public required PasswordHash PasswordHash { get; init; }

    /// <summary>The user's roles, carried in every access token.</summary>
    public required IReadOnlyList<string> Roles { get; init; }

    /// <summary>Whether the user may log in.</summary>
    public required AccountState State { get; init; }

    /// <summary>Changes with password, roles and state, so that logins under way decide anew.</summary>
    public required Ulid Epoch { get; init; }

    /// <summary>The last change until its follow-up is complete; the next login, change or timer finishes it.</summary>
    public AccountChange? PendingChange { get; init; }

    /// <summary>The devices known to the account.</summary>
    public KnownDevices Devices { get; init; }

    /// <summary>When the account was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The version of the row; null for a new account.</summary>
    public RowVersion? Version { get; init; }
}

/// <summary>Whether logins are allowed.</summary>
public enum AccountState
{
    /// <summary>Logins are allowed.</summary>
    Active,

    /// <summary>Logins are refused.</summary>
    Disabled,
}
