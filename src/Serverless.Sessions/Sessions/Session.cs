using Serverless.Sessions.Accounts;
using Serverless.Sessions.AuditLog;
using Serverless.Sessions.Ending;
using Serverless.Sessions.Refresh;
using Serverless.Sessions.Tokens;

namespace Serverless.Sessions.Sessions;

/// <summary>
/// One login on one device, and what may happen to it. Pure: it takes the time and returns the next state; whoever calls it
/// stores that state together with its log entry.
/// </summary>
public sealed record Session
{
    /// <summary>Its identity, stable over refreshes and regeneration.</summary>
    public required SessionId Id { get; init; }

    /// <summary>Whose it is.</summary>
    public required UserId UserId { get; init; }

    /// <summary>The email that it was opened with.</summary>
    public required Email Email { get; init; }

    /// <summary>The roles that its next access token carries.</summary>
    public required IReadOnlyList<string> Roles { get; init; }

    /// <summary>The device that logged in.</summary>
    public required ClientInfo Client { get; init; }

    /// <summary>Whether the user asked to stay logged in; it decides the lifetimes.</summary>
    public required bool Remember { get; init; }

    /// <summary>When the user logged in.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Login or the last refresh.</summary>
    public required DateTimeOffset LastActivityAt { get; init; }

    /// <summary>When it ends if it isn't refreshed before.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When it ends whatever happens.</summary>
    public required DateTimeOffset AbsoluteExpiresAt { get; init; }

    /// <summary>How many times its refresh token was rotated.</summary>
    public int Generation { get; init; }

    /// <summary>How many times it was regenerated; the second half of the <c>sid</c> claim.</summary>
    public int Number { get; init; }

    /// <summary>When it got its number.</summary>
    public required DateTimeOffset NumberStartedAt { get; init; }

    /// <summary>When its last generations were rotated away.</summary>
    public RotationTimes Rotations { get; init; } = RotationTimes.None;

    /// <summary>The attempt that rotated the last generation, where the client sent one.</summary>
    public AttemptHash? Attempt { get; init; }

    /// <summary>How far its record goes.</summary>
    public AuditHead Audit { get; init; }

    /// <summary>How it ended, if somebody ended it. A session that merely expired has none.</summary>
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

    /// <summary>How it is over at a time: ended by somebody, or expired; null while it is good.</summary>
    public SessionEnd? EndingAt(DateTimeOffset now) => Ending ?? Lifetime.EndingAt(now, ExpiresAt, AbsoluteExpiresAt);

    /// <summary>The session ended by somebody. The first reason stays: call it only for one that is good.</summary>
    public Session End(EndReason reason, DateTimeOffset now, Guid entryId) => this with { Ending = new(reason, now, entryId) };

    /// <summary>The refresh token that this state of the session is worth.</summary>
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
/// <param name="EntryId">The log entry that records it, by which whoever ended it knows it again; none for an expiry.</param>
public sealed record SessionEnd(EndReason Reason, DateTimeOffset At, Guid EntryId = default);

/// <summary>A session as storage holds it.</summary>
/// <param name="Version">The state of its row.</param>
public sealed record StoredSession(Session Session, RowVersion Version);
