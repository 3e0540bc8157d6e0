namespace Serverless.Sessions.Accounts;

/// <summary>The follow-up of an account change: its log entry, and its effect on the sessions.</summary>
public sealed record AccountChange
{
    public Guid Id { get; init; } = Guid.NewGuid();

    public required DateTimeOffset At { get; init; }

    /// <summary>Null if only sessions change, which have entries of their own.</summary>
    public LogAction? Action { get; init; }

    /// <summary>Null if the sessions continue.</summary>
    public EndReason? Ends { get; init; }

    /// <summary>The session to keep: the one that requested the change.</summary>
    public SessionId? Except { get; init; }

    /// <summary>Null for the service itself.</summary>
    public Actor? By { get; init; }

    /// <summary>Null for a new account.</summary>
    public Ulid? Closes { get; init; }

    public LogEntry? ToEntry() =>
        Action is null ? null : new(Action, At, Except, By?.Client, By?.Administrator) { Id = Id };
}
