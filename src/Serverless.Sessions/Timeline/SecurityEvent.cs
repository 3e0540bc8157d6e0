namespace Serverless.Sessions.Timeline;

/// <summary>An incident to look at. Id and time derive from the evidence, so finding it again yields the same event.</summary>
public sealed record SecurityEvent
{
    /// <summary>The identity, by which receivers deduplicate.</summary>
    public required Guid Id { get; init; }

    public required SecurityEventKind Kind { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Null for an address.</summary>
    public UserId? UserId { get; init; }

    public SessionId? SessionId { get; init; }

    /// <summary>The address it came from; the last one, if there were several.</summary>
    public required string AddressGroup { get; init; }

    /// <summary>Null for a single incident.</summary>
    public SecurityEvidence? Evidence { get; init; }

    /// <summary>Null if there was no webhook.</summary>
    public DeliveryState? Delivery { get; init; }

    public static SecurityEvent Of(SecurityEventKind kind, Activity activity) => new()
    {
        Id = IdOf(kind, activity.Id.ToString("N")),
        Kind = kind,
        At = activity.At,
        UserId = activity.UserId,
        SessionId = activity.SessionId,
        AddressGroup = activity.AddressGroup,
    };

    /// <summary>The event of a flagged address: one for as long as new evidence overlaps. Its id derives from when the evidence
    /// began and its time is when the limit was exceeded; neither moves as evidence grows.</summary>
    public static SecurityEvent Of(SuspiciousIp flag) => new()
    {
        Id = IdOf(SecurityEventKind.AddressFlagged, $"{flag.AddressGroup}:{flag.Since.UtcTicks}"),
        Kind = SecurityEventKind.AddressFlagged,
        At = flag.ExceededAt,
        AddressGroup = flag.AddressGroup,
        Evidence = new(flag.Window, flag.Count, flag.Failures, flag.DistinctAccounts, DistinctAddresses: 1, flag.FirstAt, flag.LastAt),
    };

    private static Guid IdOf(SecurityEventKind kind, string about) =>
        new(SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}:{about}")).AsSpan(0, 16));
}

/// <summary>Login attempts within a window, by how many emails and addresses; an IPv6 /64 is one address.</summary>
public sealed record SecurityEvidence(
    TimeSpan Window,
    int Count,
    int Failures,
    int DistinctAccounts,
    int DistinctAddresses,
    DateTimeOffset FirstAt,
    DateTimeOffset LastAt);

public enum DeliveryState
{
    /// <summary>To be sent, or retried.</summary>
    Pending,

    Delivered,

    /// <summary>Not accepted, and not retried any more.</summary>
    DeadLetter,
}
