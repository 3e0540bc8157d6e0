namespace Serverless.Sessions.Tokens;

/// <summary>The content of a refresh token: everything that the conditional write and the next access token need, so that a
/// refresh reads nothing. Derived, not random: the successor of a generation can be issued again. <c>Version</c> is that of the
/// row that the rotation expects; <c>Audit</c> is null in a token from before chains.</summary>
public sealed record RefreshToken(
    UserId UserId, SessionId SessionId, int Number, int Generation, DateTimeOffset IssuedAt, DateTimeOffset SessionStartedAt,
    DateTimeOffset NumberStartedAt, DateTimeOffset ExpiresAt, DateTimeOffset AbsoluteExpiresAt, bool Remember,
    IReadOnlyList<string> Roles, RowVersion Version, AuditHead? Audit)
{
    public override string ToString() => $"[refresh token {Generation} of session {SessionId}]";
}
