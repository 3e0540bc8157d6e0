namespace Serverless.Sessions.Timeline;

/// <summary><c>Since</c> is the first attempt of the evidence that set the flag, and <c>ExceededAt</c> when that exceeded the
/// limit; neither moves as evidence grows.</summary>
public sealed record SuspiciousIp(
    string AddressGroup, SecurityEvidence Evidence, DateTimeOffset Since, DateTimeOffset ExceededAt, DateTimeOffset ExpiresAt)
{
    /// <summary>Whether its security event is recorded.</summary>
    public bool Raised { get; init; }

    public Acknowledgement? Acknowledged { get; init; }

    /// <summary>Adds an acknowledgement, unless it predates the evidence and so concerns something else.</summary>
    public SuspiciousIp With(Acknowledgement? noted) => this with { Acknowledged = noted?.At >= Evidence.FirstAt ? noted : null };
}

public sealed class SuspiciousIpOptions
{
    [Setting("the most login attempts from one address within an hour that don't flag it; a flag lasts for 24 hours after the last of them",
        "honest offices are flagged")]
    [Range(1, 100_000)]
    public int MaximumLogins { get; set; } = 10;
}

public sealed record Acknowledgement(UserId By, DateTimeOffset At);

/// <summary>Stores flags. Every method throws <see cref="StorageUnavailableException"/> on an outage.</summary>
public interface ISuspiciousIpStore
{
    /// <summary>Flags an address or renews its evidence; an acknowledgement stays while it concerns the evidence.</summary>
    Task FlagAsync(SuspiciousIp address, CancellationToken cancellationToken);

    /// <summary>Includes expired flags.</summary>
    IAsyncEnumerable<SuspiciousIp> ListAsync(CancellationToken cancellationToken);

    /// <summary>Acknowledges a flag that isn't acknowledged yet; false if the address has no flag.</summary>
    Task<bool> TryAcknowledgeAsync(string addressGroup, Acknowledgement acknowledgement, CancellationToken cancellationToken);

    /// <summary>Returns how many it removed.</summary>
    Task<int> RemoveExpiredAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Returns the flag, expired or not.</summary>
    Task<SuspiciousIp?> FindAsync(string addressGroup, CancellationToken cancellationToken);
}
