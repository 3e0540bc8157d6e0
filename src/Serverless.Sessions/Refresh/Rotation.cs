namespace Serverless.Sessions.Refresh;

/// <summary>What a refresh changes in a session, derived from the token alone: one conditional write, no read.</summary>
public sealed record Rotation
{
    // How old a session's number gets before a refresh raises it.
    private static readonly TimeSpan RegenerateAfter = TimeSpan.FromHours(24);

    public required UserId UserId { get; init; }

    public required SessionId SessionId { get; init; }

    /// <summary>The generation that this rotation replaces.</summary>
    public required int RotatedGeneration { get; init; }

    public required int Number { get; init; }

    public required DateTimeOffset NumberStartedAt { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>The new idle expiry.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Null clears the previous attempt.</summary>
    public required AttemptHash? Attempt { get; init; }

    public AuditHead Audit { get; init; }

    public int Generation => RotatedGeneration + 1;

    /// <summary>Whether it increases the session's number.</summary>
    public required bool Regenerates { get; init; }

    public static Rotation Of(RefreshToken token, AttemptHash? attempt, DateTimeOffset now, SessionOptions options)
    {
        var regenerates = now - token.NumberStartedAt >= RegenerateAfter;
        return new()
        {
            UserId = token.UserId,
            SessionId = token.SessionId,
            RotatedGeneration = token.Generation,
            Number = regenerates ? token.Number + 1 : token.Number,
            NumberStartedAt = regenerates ? now : token.NumberStartedAt,
            Regenerates = regenerates,
            At = now,
            ExpiresAt = options.SlideExpiry(now, token.Remember, token.AbsoluteExpiresAt),
            Attempt = attempt,
        };
    }

    /// <summary>Applies the rotation to a session; storage does the same with a merge.</summary>
    public Session Apply(Session session)
    {
        return session with
        {
            Generation = Generation,
            Number = Number,
            NumberStartedAt = NumberStartedAt,
            LastActivityAt = At,
            ExpiresAt = ExpiresAt,
            Rotations = session.Rotations.With(RotatedGeneration, At),
            Attempt = Attempt,
            Audit = Audit,
        };
    }

    /// <summary>Returns the successor of <paramref name="token"/>, once storage has accepted the rotation.</summary>
    public RefreshToken Succeed(RefreshToken token, RowVersion version)
    {
        return token with
        {
            Generation = Generation,
            Number = Number,
            NumberStartedAt = NumberStartedAt,
            IssuedAt = At,
            ExpiresAt = ExpiresAt,
            Version = version,
            Audit = Audit,
        };
    }
}
