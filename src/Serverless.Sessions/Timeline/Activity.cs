namespace Serverless.Sessions.Timeline;

/// <summary>A login attempt or the end of a session. Refreshes aren't recorded, which keeps them at one storage call.</summary>
public sealed record Activity
{
    /// <summary>An end has the id of its session: concurrent requests each record one, and readers count one.</summary>
    public Guid Id { get; init; } = Guid.NewGuid();

    public required ActivityKind Kind { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string AddressGroup { get; init; }

    public AccountKey? AccountKey { get; init; }

    public UserId? UserId { get; init; }

    public SessionId? SessionId { get; init; }

    public EndReason? EndReason { get; init; }

    /// <summary>Of the ended session, like <see cref="Generation"/>.</summary>
    public TimeSpan? Duration { get; init; }

    public int? Generation { get; init; }

    /// <summary>Null if unrecognized, like <see cref="Browser"/>.</summary>
    public string? System { get; init; }

    public string? Browser { get; init; }

    /// <summary>Whether a failed login locked its email.</summary>
    public bool Locks { get; init; }

    /// <summary>Never true for the account's first login.</summary>
    public bool NewDevice { get; init; }

    public bool IsLoginAttempt => Kind is ActivityKind.Login or ActivityKind.FailedLogin;

    /// <summary><paramref name="at"/> is when the end is recorded, maybe later than the end.</summary>
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

    SessionEnded,
}
