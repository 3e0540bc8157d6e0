using Serverless.Sessions.Accounts;
using Serverless.Sessions.AuditLog;
using Serverless.Sessions.Sessions;

namespace Serverless.Sessions.Tokens;

/// <summary>
/// What a refresh token says: all that one conditional write and the next access token need, so that a refresh reads
/// nothing. It is derived, not random: the successor of a generation can be issued again.
/// </summary>
public sealed record RefreshToken
{
    /// <summary>Whose session.</summary>
    public required UserId UserId { get; init; }

    /// <summary>Which session.</summary>
    public required SessionId SessionId { get; init; }

    /// <summary>The session's number.</summary>
    public required int Number { get; init; }

    /// <summary>How many times the session's token had been rotated when this one was issued.</summary>
    public required int Generation { get; init; }

    /// <summary>When it was issued.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>When the user logged in.</summary>
    public required DateTimeOffset SessionStartedAt { get; init; }

    /// <summary>When the session got its number.</summary>
    public required DateTimeOffset NumberStartedAt { get; init; }

    /// <summary>The session's idle expiry.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The session's absolute expiry.</summary>
    public required DateTimeOffset AbsoluteExpiresAt { get; init; }

    /// <summary>Whether the user asked to stay logged in.</summary>
    public required bool Remember { get; init; }

    /// <summary>What the next access token lets the user do.</summary>
    public required IReadOnlyList<string> Roles { get; init; }

    /// <summary>The state of the session's row that its rotation expects.</summary>
    public required RowVersion Version { get; init; }

    /// <summary>How far the session's record goes: the rotation's log entry is chained to it. Null in a token that was issued before
    /// there were audit chains.</summary>
    public required AuditHead? Audit { get; init; }

    /// <summary>Names it without giving it away.</summary>
    public override string ToString() => $"[refresh token {Generation} of session {SessionId}]";
}
