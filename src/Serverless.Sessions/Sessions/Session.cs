namespace Serverless.Sessions.Sessions;

/// <summary>One login on one device, and its state transitions. Pure: it takes the time and returns the next state, which the
/// caller stores together with a log entry. <c>Roles</c> are those of the next access token; they and <c>Remember</c>, whether the
/// user asked to stay logged in, determine the lifetimes (<see cref="SessionPolicies"/>). <c>LastActivityAt</c> is the login or the
/// last refresh, <c>ExpiresAt</c> when it expires unless refreshed, <c>ExpiryReason</c> why it does so then. <c>Generation</c> counts
/// the rotations of its refresh token; <c>Number</c>, the second half of the <c>sid</c> claim, its regenerations. <c>Attempt</c> is
/// that of the last rotation. <c>Ending</c> stays null if it only expires.</summary>
public sealed record Session(
    SessionId Id, UserId UserId, Email Email, IReadOnlyList<string> Roles, ClientInfo Client, bool Remember,
    DateTimeOffset CreatedAt, DateTimeOffset LastActivityAt, DateTimeOffset ExpiresAt, DateTimeOffset AbsoluteExpiresAt,
    DateTimeOffset NumberStartedAt)
{
    public int Generation { get; init; }
    public int Number { get; init; }
    public RotationTimes Rotations { get; init; } = RotationTimes.None;
    public AttemptHash? Attempt { get; init; }
    public AuditHead Audit { get; init; }
    public SessionEnd? Ending { get; init; }
    public EndReason ExpiryReason { get; init; } = EndReason.ExpiredIdle;
    public Authentication Authentication { get; init; } = new(CreatedAt, AuthenticationMethods.Password);

    /// <summary>The countries that its user needn't be told of: those of the account's logins until it was opened,
    /// and those told since.</summary>
    public KnownPlaces Places { get; init; }

    /// <summary>Null if nobody asked for push messages on its device.</summary>
    public PushSubscription? Push { get; init; }

    public SessionClaims Claims => new(Roles, Authentication);

    public static Session Start(Account account, ClientInfo client, bool remember, DateTimeOffset now, SessionPolicies policies)
    {
        var policy = policies.Of(account.Roles, remember);
        var absolute = now + policy.AbsoluteLifetime;
        var (expiresAt, reason) = policy.SlideExpiry(now, idleFor: TimeSpan.Zero, absolute);
        return new(
            SessionId.New(), account.Id, account.Email, account.Roles, client, remember, CreatedAt: now, LastActivityAt: now,
            expiresAt, absolute, NumberStartedAt: now)
        { ExpiryReason = reason };
    }

    /// <summary>Returns why the session is over at <paramref name="now"/>, ended or expired; null while it is valid.</summary>
    public SessionEnd? EndingAt(DateTimeOffset now) => Ending ?? ExpiryAt(now);

    /// <summary>Returns the expiry of a session, ended before or not; null before it.</summary>
    public SessionEnd? ExpiryAt(DateTimeOffset now) => SessionEnd.ByExpiry(now, ExpiresAt, ExpiryReason, AbsoluteExpiresAt);

    /// <summary>Call it only on a valid session: the first reason must stay.</summary>
    public Session End(EndReason reason, DateTimeOffset now, Guid entryId) => this with { Ending = new(reason, now, entryId) };

    /// <summary>With the later of its proof and that of an access token: the session may have been read before a step-up.</summary>
    public Session WithLater(Authentication other) => other.At > Authentication.At ? this with { Authentication = other } : this;

    public RefreshToken ToRefreshToken(RowVersion version, DateTimeOffset now) => new(
        UserId, Id, Number, Generation, IssuedAt: now, NumberStartedAt, ExpiresAt, AbsoluteExpiresAt, Remember, Claims, version,
        Audit)
    {
        Country = Client.Location?.Country,
        LocatedAt = LastActivityAt,
        CreatedAt = CreatedAt,
        ExpiryReason = ExpiryReason,
    };
}

/// <summary><c>EntryId</c> is the log entry, by which a request recognizes its own write; default for an expiry.</summary>
public sealed record SessionEnd(EndReason Reason, DateTimeOffset At, Guid EntryId = default)
{
    /// <summary>Returns why and when a session expired (at its expiry, not after); null while it is valid.</summary>
    public static SessionEnd? ByExpiry(
        DateTimeOffset now, DateTimeOffset expiresAt, EndReason reason, DateTimeOffset absoluteExpiresAt) =>
        now < expiresAt && now < absoluteExpiresAt ? null
        : expiresAt < absoluteExpiresAt ? new SessionEnd(reason, expiresAt)
        : new SessionEnd(EndReason.ExpiredAbsolute, absoluteExpiresAt);
}

public sealed record StoredSession(Session Session, RowVersion Version);

/// <summary>Address, or <c>unknown</c>; the User-Agent header, cut for storage; the user's name of the device.</summary>
public sealed record ClientInfo(string IpAddress, string? UserAgent, string? Device = null)
{
    /// <summary>For mails to an account without a language, as a primary tag of BCP 47. Not stored with a session.</summary>
    public string? Language { get; init; }

    /// <summary>Where the address is; null if that isn't known, or not to be.</summary>
    public Location? Location { get; init; }
}

/// <summary>The version of a stored row, for optimistic concurrency: a write that carries it succeeds only while the row is
/// unchanged. Opaque outside its store (in Azure Table Storage it is the ETag).</summary>
public readonly record struct RowVersion(string Value)
{
    public override string ToString() => Value;
}
