namespace Serverless.Sessions.Tokens;

/// <summary>The content of a refresh token: everything that the conditional write and the next access token need, so that a
/// refresh reads nothing. Derived, not random: the successor of a generation can be issued again.</summary>
public sealed record RefreshToken
{
    public required UserId UserId { get; init; }

    public required SessionId SessionId { get; init; }

    public required int Number { get; init; }

    /// <summary>How often the session's token had been rotated when this one was issued.</summary>
    public required int Generation { get; init; }

    public required DateTimeOffset IssuedAt { get; init; }

    public required DateTimeOffset SessionStartedAt { get; init; }

    public required DateTimeOffset NumberStartedAt { get; init; }

    /// <summary>The session's idle expiry.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    public required DateTimeOffset AbsoluteExpiresAt { get; init; }

    public required bool Remember { get; init; }

    /// <summary>The roles that the next access token carries.</summary>
    public required IReadOnlyList<string> Roles { get; init; }

    /// <summary>The version of the session's row that the rotation expects.</summary>
    public required RowVersion Version { get; init; }

    /// <summary>Null in a token from before chains.</summary>
    public required AuditHead? Audit { get; init; }

    public override string ToString() => $"[refresh token {Generation} of session {SessionId}]";
}
