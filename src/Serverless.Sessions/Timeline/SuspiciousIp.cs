namespace Serverless.Sessions.Timeline;

/// <summary>An address with too many login attempts, and the evidence.</summary>
public sealed record SuspiciousIp
{
    /// <summary>The <see cref="Text.IpAddressGroup"/> of the address.</summary>
    public required string AddressGroup { get; init; }

    /// <summary>The length of the window in which the attempts were counted.</summary>
    public required TimeSpan Window { get; init; }

    /// <summary>Login attempts in that window.</summary>
    public required int Count { get; init; }

    /// <summary>The failed ones among them.</summary>
    public required int Failures { get; init; }

    /// <summary>The distinct emails they tried.</summary>
    public required int DistinctAccounts { get; init; }

    /// <summary>The first of these attempts.</summary>
    public required DateTimeOffset FirstAt { get; init; }

    /// <summary>The last of these attempts.</summary>
    public required DateTimeOffset LastAt { get; init; }

    /// <summary>The first attempt of the evidence that set the flag; later evidence overlaps it.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>When that evidence exceeded the limit; it doesn't move as evidence grows.</summary>
    public required DateTimeOffset ExceededAt { get; init; }

    /// <summary>Whether its security event is recorded.</summary>
    public bool Raised { get; init; }

    /// <summary>When the flag expires unless it is renewed.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The administrator's acknowledgement; null if there is none.</summary>
    public Acknowledgement? Acknowledged { get; init; }

    /// <summary>Adds an acknowledgement, unless it predates the evidence and so concerns something else.</summary>
    public SuspiciousIp With(Acknowledgement? noted) => this with { Acknowledged = noted?.At >= FirstAt ? noted : null };
}

/// <summary>An administrator's acknowledgement of a flag.</summary>
public sealed record Acknowledgement(UserId By, DateTimeOffset At);

/// <summary>Stores flags. Every method throws <see cref="StorageUnavailableException"/> on an outage.</summary>
public interface ISuspiciousIpStore
{
    /// <summary>Flags an address or renews its evidence; an acknowledgement stays while it concerns the evidence.</summary>
    Task FlagAsync(SuspiciousIp address, CancellationToken cancellationToken);

    /// <summary>All flags, including expired ones.</summary>
    IAsyncEnumerable<SuspiciousIp> ListAsync(CancellationToken cancellationToken);

    /// <summary>Acknowledges a flag, unless it already is acknowledged; false if the address has no flag.</summary>
    Task<bool> TryAcknowledgeAsync(string addressGroup, Acknowledgement acknowledgement, CancellationToken cancellationToken);

    /// <summary>Removes expired flags; returns how many.</summary>
    Task<int> RemoveExpiredAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>The flag of an address, expired or not; null if it has none.</summary>
    Task<SuspiciousIp?> FindAsync(string addressGroup, CancellationToken cancellationToken);
}
