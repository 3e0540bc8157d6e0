namespace Serverless.Sessions.Tokens;

/// <summary>The content of a refresh token: everything that the conditional write and the next access token need, so that a
/// refresh reads nothing. Derived, not random: the successor of a generation can be issued again.</summary>
public sealed record RefreshToken
{
    /// <summary>The user.</summary>
    public required UserId UserId { get; init; }

    /// <summary>The session.</summary>
    public required SessionId SessionId { get; init; }

    /// <summary>The session's number.</summary>
    public required int Number { get; init; }

    /// <summary>How often the session's token had been rotated when this one was issued.</summary>
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

    /// <summary>The roles that the next access token carries.</summary>
    public required IReadOnlyList<string> Roles { get; init; }

    /// <summary>The version of the session's row that the rotation expects.</summary>
    public required RowVersion Version { get; init; }

    /// <summary>The head of the session's chain, for the rotation's log entry; null in a token from before chains.</summary>
    public required AuditHead? Audit { get; init; }

    /// <summary>Names the session and the generation only.</summary>
    public override string ToString() => $"[refresh token {Generation} of session {SessionId}]";
}
