namespace Serverless.Sessions.Refresh;

/// <summary>What a refresh changes in a session, derived from the token alone: one conditional write, no read.</summary>
public sealed record Rotation
{
    // How old a session's number gets before a refresh raises it.
    private static readonly TimeSpan RegenerateAfter = TimeSpan.FromHours(24);

    /// <summary>The user.</summary>
    public required UserId UserId { get; init; }

    /// <summary>The session.</summary>
    public required SessionId SessionId { get; init; }

    /// <summary>The generation that this rotation replaces.</summary>
    public required int RotatedGeneration { get; init; }

    /// <summary>The session's new number.</summary>
    public required int Number { get; init; }

    /// <summary>When the session got that number.</summary>
    public required DateTimeOffset NumberStartedAt { get; init; }

    /// <summary>The time of the rotation.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The new idle expiry.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The client's attempt; null clears the previous one.</summary>
    public required AttemptHash? Attempt { get; init; }

    /// <summary>The head of the session's chain after the rotation.</summary>
    public AuditHead Audit { get; init; }

    /// <summary>The new generation.</summary>
    public int Generation => RotatedGeneration + 1;

    /// <summary>Whether it increases the session's number.</summary>
    public required bool Regenerates { get; init; }

    /// <summary>The rotation of a token's generation.</summary>
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

    /// <summary>The successor of <paramref name="token"/>, once storage has accepted the rotation.</summary>
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
