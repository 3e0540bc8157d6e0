namespace Serverless.Sessions.Sessions;

/// <summary>One login on one device, and its state transitions. Pure: it takes the time and returns the next state, which the
/// caller stores together with a log entry.</summary>
public sealed record Session
{
    /// <summary>The identity, stable across refreshes and regeneration.</summary>
    public required SessionId Id { get; init; }

    /// <summary>The user.</summary>
    public required UserId UserId { get; init; }

    /// <summary>The email at login.</summary>
    public required Email Email { get; init; }

    /// <summary>The roles that the next access token carries.</summary>
    public required IReadOnlyList<string> Roles { get; init; }

    /// <summary>The device that logged in.</summary>
    public required ClientInfo Client { get; init; }

    /// <summary>Whether the user asked to stay logged in; it determines the lifetimes.</summary>
    public required bool Remember { get; init; }

    /// <summary>When the user logged in.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The login or the last refresh.</summary>
    public required DateTimeOffset LastActivityAt { get; init; }

    /// <summary>The idle expiry: when it ends unless it is refreshed before.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The absolute expiry: when it ends in any case.</summary>
    public required DateTimeOffset AbsoluteExpiresAt { get; init; }

    /// <summary>How often its refresh token was rotated.</summary>
    public int Generation { get; init; }

    /// <summary>How often it was regenerated; the second half of the <c>sid</c> claim.</summary>
    public int Number { get; init; }

    /// <summary>When it got its number.</summary>
    public required DateTimeOffset NumberStartedAt { get; init; }

    /// <summary>When its latest generations were rotated.</summary>
    public RotationTimes Rotations { get; init; } = RotationTimes.None;

    /// <summary>The attempt of the last rotation, if the client sent one.</summary>
    public AttemptHash? Attempt { get; init; }

    /// <summary>The head of its audit chain.</summary>
    public AuditHead Audit { get; init; }

    /// <summary>Why and when it was ended; null if it wasn't, even if it has expired.</summary>
    public SessionEnd? Ending { get; init; }

    /// <summary>A new session of an account.</summary>
    public static Session Start(Account account, ClientInfo client, bool remember, DateTimeOffset now, SessionOptions options)
    {
        var absolute = now + options.AbsoluteLifetimeOf(remember);
        return new()
        {
            Id = SessionId.New(),
            UserId = account.Id,
            Email = account.Email,
            Roles = account.Roles,
            Client = client,
            Remember = remember,
            CreatedAt = now,
            LastActivityAt = now,
            ExpiresAt = options.SlideExpiry(now, remember, absolute),
            AbsoluteExpiresAt = absolute,
            NumberStartedAt = now,
        };
    }

    /// <summary>Why the session is over at <paramref name="now"/>, ended or expired; null while it is valid.</summary>
    public SessionEnd? EndingAt(DateTimeOffset now) => Ending ?? Lifetime.EndingAt(now, ExpiresAt, AbsoluteExpiresAt);

    /// <summary>Ends the session. Call it only on a valid one: the first reason must stay.</summary>
    public Session End(EndReason reason, DateTimeOffset now, Guid entryId) => this with { Ending = new(reason, now, entryId) };

    /// <summary>The refresh token for this state of the session.</summary>
    public RefreshToken ToRefreshToken(RowVersion version, DateTimeOffset now) => new()
    {
        UserId = UserId,
        SessionId = Id,
        Number = Number,
        Generation = Generation,
        IssuedAt = now,
        SessionStartedAt = CreatedAt,
        NumberStartedAt = NumberStartedAt,
        ExpiresAt = ExpiresAt,
        AbsoluteExpiresAt = AbsoluteExpiresAt,
        Remember = Remember,
        Roles = Roles,
        Version = version,
        Audit = Audit,
    };
}

/// <summary>The end of a session.</summary>
/// <param name="EntryId">Its log entry, by which a request recognizes its own write; default for an expiry.</param>
public sealed record SessionEnd(EndReason Reason, DateTimeOffset At, Guid EntryId = default);

/// <summary>A stored session and the version of its row.</summary>
public sealed record StoredSession(Session Session, RowVersion Version);
