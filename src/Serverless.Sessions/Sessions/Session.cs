namespace Serverless.Sessions.Sessions;

/// <summary>One login on one device, and its state transitions. Pure: it takes the time and returns the next state, which the
/// caller stores together with a log entry.</summary>
public sealed record Session
{
    public required SessionId Id { get; init; }

    public required UserId UserId { get; init; }

    public required Email Email { get; init; }

    /// <summary>The roles that the next access token carries.</summary>
    public required IReadOnlyList<string> Roles { get; init; }

    public required ClientInfo Client { get; init; }

    /// <summary>Whether the user asked to stay logged in; it determines the lifetimes.</summary>
    public required bool Remember { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The login or the last refresh.</summary>
    public required DateTimeOffset LastActivityAt { get; init; }

    /// <summary>The idle expiry: when it ends unless it is refreshed before.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    public required DateTimeOffset AbsoluteExpiresAt { get; init; }

    /// <summary>How often its refresh token was rotated.</summary>
    public int Generation { get; init; }

    /// <summary>How often it was regenerated; the second half of the <c>sid</c> claim.</summary>
    public int Number { get; init; }

    public required DateTimeOffset NumberStartedAt { get; init; }

    public RotationTimes Rotations { get; init; } = RotationTimes.None;

    /// <summary>The attempt of the last rotation; null if the client sent none.</summary>
    public AttemptHash? Attempt { get; init; }

    public AuditHead Audit { get; init; }

    /// <summary>Null if the session wasn't ended, even if it has expired.</summary>
    public SessionEnd? Ending { get; init; }

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

    /// <summary>Returns why the session is over at <paramref name="now"/>, ended or expired; null while it is valid.</summary>
    public SessionEnd? EndingAt(DateTimeOffset now) => Ending ?? Lifetime.EndingAt(now, ExpiresAt, AbsoluteExpiresAt);

    /// <summary>Call it only on a valid session: the first reason must stay.</summary>
    public Session End(EndReason reason, DateTimeOffset now, Guid entryId) => this with { Ending = new(reason, now, entryId) };

    public RefreshToken ToRefreshToken(RowVersion version, DateTimeOffset now) => new(
        UserId, Id, Number, Generation, IssuedAt: now, SessionStartedAt: CreatedAt, NumberStartedAt, ExpiresAt, AbsoluteExpiresAt,
        Remember, Roles, version, Audit);
}

/// <summary><c>EntryId</c> is the log entry, by which a request recognizes its own write; default for an expiry.</summary>
public sealed record SessionEnd(EndReason Reason, DateTimeOffset At, Guid EntryId = default);

public sealed record StoredSession(Session Session, RowVersion Version);

public static class Lifetime
{
    /// <summary>Returns why and when a session ended (at its expiry, not after); null while it is valid.</summary>
    public static SessionEnd? EndingAt(DateTimeOffset now, DateTimeOffset expiresAt, DateTimeOffset absoluteExpiresAt) =>
        now < expiresAt && now < absoluteExpiresAt ? null
        : expiresAt < absoluteExpiresAt ? new SessionEnd(EndReason.ExpiredIdle, expiresAt)
        : new SessionEnd(EndReason.ExpiredAbsolute, absoluteExpiresAt);
}

/// <summary>The caller's address, or <c>unknown</c>; the User-Agent header, cut to a length that storage accepts; and the user's
/// own name for the device.</summary>
public sealed record ClientInfo(string IpAddress, string? UserAgent, string? Device = null);
