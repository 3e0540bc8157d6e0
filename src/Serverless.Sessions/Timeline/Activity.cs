namespace Serverless.Sessions.Timeline;

/// <summary>A login attempt or the end of a session, in time order across all users, for the timers. Refreshes aren't recorded,
/// which keeps them at one storage round trip.</summary>
public sealed record Activity
{
    /// <summary>Identity, and tie-breaker at the same instant. An end has the id of its session: concurrent requests that end it
    /// each record one, and readers count it once.</summary>
    public Guid Id { get; init; } = Guid.NewGuid();

    public required ActivityKind Kind { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>The <see cref="IpAddressGroup"/> of the caller.</summary>
    public required string AddressGroup { get; init; }

    /// <summary>The email of a login attempt, with or without an account.</summary>
    public AccountKey? AccountKey { get; init; }

    public UserId? UserId { get; init; }

    public SessionId? SessionId { get; init; }

    public EndReason? EndReason { get; init; }

    /// <summary>How long the ended session had lasted.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>How often the ended session had been refreshed.</summary>
    public int? Generation { get; init; }

    /// <summary>Null if unrecognized.</summary>
    public string? System { get; init; }

    /// <summary>Null if unrecognized.</summary>
    public string? Browser { get; init; }

    /// <summary>Whether a failed login locked its email.</summary>
    public bool Locks { get; init; }

    /// <summary>Whether a login came from a device new to its account; never true for the account's first.</summary>
    public bool NewDevice { get; init; }

    public bool IsLoginAttempt => Kind is ActivityKind.Login or ActivityKind.FailedLogin;

    /// <summary><paramref name="at"/> is when the end is recorded, which may be later than the end.</summary>
    public static Activity OfEnd(Session session, SessionEnd ending, DateTimeOffset at, ClientInfo client) => new()
    {
        Id = session.Id.ToGuid(),
        Kind = ActivityKind.SessionEnded,
        At = at,
        AddressGroup = IpAddressGroup.Of(client.IpAddress),
        UserId = session.UserId,
        SessionId = session.Id,
        EndReason = ending.Reason,
        Duration = ending.At - session.CreatedAt,
        Generation = session.Generation,
        System = DeviceName.SystemOf(session.Client.UserAgent),
        Browser = DeviceName.BrowserOf(session.Client.UserAgent),
    };
}

public enum ActivityKind
{
    Login,

    /// <summary>A login that failed, or was refused because the email was locked.</summary>
    FailedLogin,

    /// <summary>A session was ended, or was purged after its expiry.</summary>
    SessionEnded,
}
