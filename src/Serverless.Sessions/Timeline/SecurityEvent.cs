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

    /// <summary>The last one, if there were several.</summary>
    public required string AddressGroup { get; init; }

    /// <summary>Null for a single incident.</summary>
    public SecurityEvidence? Evidence { get; init; }

    /// <summary>Null without a webhook.</summary>
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
        Evidence = flag.Evidence,
    };

    private static Guid IdOf(SecurityEventKind kind, string about) =>
        new(SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}:{about}")).AsSpan(0, 16));
}

/// <summary>Login attempts within a window, by how many emails and addresses; an IPv6 /64 is one address.</summary>
public sealed record SecurityEvidence(
    TimeSpan Window, int Count, int Failures, int DistinctAccounts, int DistinctAddresses,
    DateTimeOffset FirstAt, DateTimeOffset LastAt)
{
    internal static SecurityEvidence Of(TimeSpan window, IReadOnlyList<Activity> attempts) => new(
        window,
        attempts.Count,
        attempts.Count(attempt => attempt.Kind == ActivityKind.FailedLogin),
        attempts.Select(attempt => attempt.AccountKey).OfType<AccountKey>().Distinct().Count(),
        attempts.Select(attempt => attempt.AddressGroup).Distinct().Count(),
        attempts[0].At,
        attempts[^1].At);
}

public enum DeliveryState
{
    Pending,

    Delivered,

    /// <summary>Not accepted, and not retried any more.</summary>
    DeadLetter,
}

/// <summary><c>Name</c> is the name on the wire and in storage.</summary>
public sealed record SecurityEventKind(string Name)
{
    /// <summary>An address made more login attempts than its users would need.</summary>
    public static readonly SecurityEventKind AddressFlagged = new("address_flagged");

    public static readonly SecurityEventKind TokenReuse = new("token_reuse");

    public static readonly SecurityEventKind AccountLocked = new("account_locked");

    public static readonly SecurityEventKind NewDevice = new("new_device");

    /// <summary>An account was logged in to from too many addresses within a short time.</summary>
    public static readonly SecurityEventKind LoginBurst = new("login_burst");

    public static readonly SecurityEventKind FailedLoginBurst = new("failed_login_burst");

    public static IReadOnlyList<SecurityEventKind> All { get; } =
        [AddressFlagged, TokenReuse, AccountLocked, NewDevice, LoginBurst, FailedLoginBurst];

    public static SecurityEventKind? Find(string? name) => All.FirstOrDefault(kind => kind.Name == name);

    public override string ToString() => Name;
}
