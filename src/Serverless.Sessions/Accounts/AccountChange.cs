using Serverless.Sessions.AuditLog;
using Serverless.Sessions.Ending;
using Serverless.Sessions.Sessions;
using Serverless.Sessions.Text;

namespace Serverless.Sessions.Accounts;

/// <summary>What follows a change of an account: its log entry, and what becomes of the sessions.</summary>
public sealed record AccountChange
{
    /// <summary>The identity of its log entry.</summary>
    public Guid Id { get; init; } = Guid.NewGuid();

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What the log calls it; null where nothing but the sessions changes, which have entries of their own.</summary>
    public LogAction? Action { get; init; }

    /// <summary>Why the sessions end; null where they live on.</summary>
    public EndReason? Ends { get; init; }

    /// <summary>The session that lives on all the same: the one that asked.</summary>
    public SessionId? Except { get; init; }

    /// <summary>Who asked; null where nobody did.</summary>
    public Actor? By { get; init; }

    /// <summary>The epoch that it closes; null for a new account.</summary>
    public Ulid? Closes { get; init; }

    /// <summary>Its log entry.</summary>
    public LogEntry? ToEntry() => Action is null ? null : new()
    {
        Id = Id,
        Action = Action,
        At = At,
        SessionId = Except,
        Client = By?.Client,
        Administrator = By?.Administrator,
    };
}
