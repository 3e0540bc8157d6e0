namespace Serverless.Sessions.Accounts;

public sealed record Account
{
    public required UserId Id { get; init; }

    public required Email Email { get; init; }

    public required PasswordHash PasswordHash { get; init; }

    public required IReadOnlyList<string> Roles { get; init; }

    public required AccountState State { get; init; }

    /// <summary>Changes with password, roles and state, so that logins under way decide anew.</summary>
    public required Ulid Epoch { get; init; }

    /// <summary>The last change until its follow-up is complete; the next login, change or timer finishes it.</summary>
    public AccountChange? PendingChange { get; init; }

    public KnownDevices Devices { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Null for a new account.</summary>
    public RowVersion? Version { get; init; }
}

public enum AccountState
{
    Active,
    Disabled,
}
