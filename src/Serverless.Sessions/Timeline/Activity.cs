namespace Serverless.Sessions.Timeline;

/// <summary>A login attempt or the end of a session. Refreshes aren't recorded, which keeps them at one storage call.
/// <c>Duration</c> and <c>Generation</c> are of the ended session; <c>System</c> and <c>Browser</c> null if unrecognized;
/// <c>Locks</c> if a failed login locked its email; <c>NewDevice</c> never for the account's first login;
/// <c>Country</c> null if unknown.</summary>
public sealed record Activity(
    ActivityKind Kind, DateTimeOffset At, string AddressGroup, AccountKey? AccountKey = null, UserId? UserId = null,
    SessionId? SessionId = null, EndReason? EndReason = null, TimeSpan? Duration = null, int? Generation = null,
    string? System = null, string? Browser = null, bool Locks = false, bool NewDevice = false)
{
    /// <summary>An end has the id of its session: concurrent requests each record one, and readers count one.</summary>
    public Guid Id { get; init; } = Guid.NewGuid();

    public string? Country { get; init; }

    /// <summary>Whether a login comes from a country that the account hasn't used for long.</summary>
    public bool NewCountry { get; init; }

    /// <summary>Whether a login is farther from the last use of the account than anyone travels.</summary>
    public bool ImpossibleTravel { get; init; }

    /// <summary>Of a new country or an impossible travel.</summary>
    public LocationChange? Change { get; init; }

    /// <summary>Without what leads to anybody. A digest stands for the session, whose end counts once and is subtracted from the active
    /// ones by system and browser, as its login was added.</summary>
    public Activity Anonymous()
    {
        SessionId? session = Kind == ActivityKind.SessionEnded && SessionId is { } ended
            ? new SessionId(Digest.Of($"erased\n{ended}")) : null;
        return this with
        {
            Id = session?.ToGuid() ?? Id,
            AddressGroup = IpAddressGroup.Unknown,
            AccountKey = null,
            UserId = null,
            SessionId = session,
            Country = null,
            Change = null,
        };
    }

    public bool IsLoginAttempt => Kind is ActivityKind.Login or ActivityKind.FailedLogin;

    /// <summary><paramref name="at"/> is when the end is recorded, maybe later than the end.</summary>
    public static Activity OfEnd(Session session, SessionEnd ending, DateTimeOffset at, ClientInfo client) =>
        new(ActivityKind.SessionEnded, at, IpAddressGroup.Of(client.IpAddress), UserId: session.UserId, SessionId: session.Id)
        {
            Id = session.Id.ToGuid(),
            EndReason = ending.Reason,
            Duration = ending.At - session.CreatedAt,
            Generation = session.Generation,
            System = DeviceName.SystemOf(session.Client.UserAgent),
            Browser = DeviceName.BrowserOf(session.Client.UserAgent),
            Country = client.Location?.Country,
        };
}

/// <summary>A login counts as failed, too, if it was refused because the email was locked.</summary>
public enum ActivityKind { Login, FailedLogin, SessionEnded }
