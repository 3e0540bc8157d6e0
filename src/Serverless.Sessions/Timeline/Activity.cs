using Serverless.Sessions.Accounts;
using Serverless.Sessions.Ending;
using Serverless.Sessions.Login;
using Serverless.Sessions.Sessions;
using Serverless.Sessions.Text;

namespace Serverless.Sessions.Timeline;

/// <summary>
/// Something that the timers look at, in time order over all users: login attempts and endings. A refresh is none, which
/// keeps it at one storage round trip.
/// </summary>
public sealed record Activity
{
    /// <summary>Its identity, and its place among those of the same instant. An ending has that of its session: several who
    /// end a session at the same time all record it, and readers count it once.</summary>
    public Guid Id { get; init; } = Guid.NewGuid();

    /// <summary>What happened.</summary>
    public required ActivityKind Kind { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The caller's address as it is counted: an IPv6 address stands for its /64.</summary>
    public required string AddressGroup { get; init; }

    /// <summary>The email of a login attempt, as the key of its account whether or not there is one.</summary>
    public AccountKey? AccountKey { get; init; }

    /// <summary>The user, where one is known.</summary>
    public UserId? UserId { get; init; }

    /// <summary>The session that began or ended.</summary>
    public SessionId? SessionId { get; init; }

    /// <summary>Why a session ended.</summary>
    public EndReason? EndReason { get; init; }

    /// <summary>How long a session that ended had lasted.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>How many times a session that ended had been refreshed.</summary>
    public int? Generation { get; init; }

    /// <summary>The system of the device that a session was opened with; null where it isn't recognized.</summary>
    public string? System { get; init; }

    /// <summary>The browser that a session was opened with; null where it isn't recognized.</summary>
    public string? Browser { get; init; }

    /// <summary>Whether a failed login locked its email.</summary>
    public bool Locks { get; init; }

    /// <summary>Whether a login came from another device than those that its account knows; never for the first of an account.</summary>
    public bool NewDevice { get; init; }

    /// <summary>The end of a session.</summary>
    /// <param name="ending">How it ended.</param>
    /// <param name="at">When that is recorded.</param>
    /// <param name="client">From where it was ended.</param>
    public static Activity OfEnd(Session session, SessionEnd ending, DateTimeOffset at, ClientInfo client)
    {
        return new()
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
}

/// <summary>What an activity is.</summary>
public enum ActivityKind
{
    /// <summary>A login that succeeded.</summary>
    Login,

    /// <summary>A login that failed or wasn't tried because the email was locked.</summary>
    FailedLogin,

    /// <summary>A session was ended by somebody, or found past its expiry and removed.</summary>
    SessionEnded,
}
