using Serverless.Sessions.Login;
using Serverless.Sessions.Sessions;
using Serverless.Sessions.Text;

namespace Serverless.Sessions.Accounts;

/// <summary>Who may log in.</summary>
public sealed record Account
{
    /// <summary>The user.</summary>
    public required UserId Id { get; init; }

    /// <summary>The normalized address that the user logs in with.</summary>
    public required Email Email { get; init; }

    /// <summary>The password's hash.</summary>
    public required PasswordHash PasswordHash { get; init; }

    /// <summary>What the user may do; carried in every access token.</summary>
    public required IReadOnlyList<string> Roles { get; init; }

    /// <summary>Whether the user may log in.</summary>
    public required AccountState State { get; init; }

    /// <summary>Changes whenever logins that are under way must decide anew (password, roles, state).</summary>
    public required Ulid Epoch { get; init; }

    /// <summary>The last change, until all that follows it is done: whoever finds it here has it finished.</summary>
    public AccountChange? PendingChange { get; init; }

    /// <summary>The devices that the user has logged in from.</summary>
    public KnownDevices Devices { get; init; }

    /// <summary>When the account was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The state of the row that this was read from; null for a new account.</summary>
    public RowVersion? Version { get; init; }
}

/// <summary>Whether an account may be used.</summary>
public enum AccountState
{
    /// <summary>Logins are welcome.</summary>
    Active,

    /// <summary>Nobody logs in.</summary>
    Disabled,
}
