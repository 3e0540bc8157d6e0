namespace Serverless.Sessions.Accounts;

/// <summary><c>Epoch</c> changes with password, roles and state, so that logins under way decide anew; <c>PendingChange</c> is
/// the last change until its follow-up is complete; <c>Version</c> is null for a new account.</summary>
public sealed record Account(
    UserId Id, Email Email, PasswordHash PasswordHash, IReadOnlyList<string> Roles, AccountState State, Ulid Epoch,
    DateTimeOffset CreatedAt, AccountChange? PendingChange = null, KnownDevices Devices = default, RowVersion? Version = null);

public enum AccountState
{
    Active,
    Disabled,
}

/// <summary>The follow-up of an account change: its log entry, and its effect on the sessions. <c>Action</c> is null if only
/// sessions change, which have entries of their own; <c>Ends</c>, if they continue; <c>By</c>, for the service itself;
/// <c>Closes</c>, for a new account. <c>Except</c> is the session to keep: the one that requested the change.</summary>
public sealed record AccountChange(
    DateTimeOffset At, LogAction? Action = null, EndReason? Ends = null, SessionId? Except = null, Actor? By = null,
    Ulid? Closes = null)
{
    public Guid Id { get; init; } = Guid.NewGuid();

    public LogEntry? ToEntry() => Action is null ? null : new(Action, At, Except, By?.Client, By?.Administrator) { Id = Id };
}
