namespace Serverless.Sessions.Timeline;

/// <summary><c>Since</c> is the first attempt of the evidence that set the flag, and <c>ExceededAt</c> when that exceeded the
/// limit; neither moves as evidence grows. <c>Raised</c> if its security event is recorded.</summary>
public sealed record SuspiciousIp(
    string AddressGroup, SecurityEvidence Evidence, DateTimeOffset Since, DateTimeOffset ExceededAt, DateTimeOffset ExpiresAt,
    bool Raised = false, Acknowledgement? Acknowledged = null)
{
    /// <summary>An acknowledgement that predates the evidence concerns something else.</summary>
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

    /// <summary>Includes expired flags, like <see cref="FindAsync"/>.</summary>
    IAsyncEnumerable<SuspiciousIp> ListAsync(CancellationToken cancellationToken);

    /// <summary>Acknowledges a flag, or with null undoes that; false if it was so already, null if the address has no flag.</summary>
    Task<bool?> TryAcknowledgeAsync(string addressGroup, Acknowledgement? acknowledgement, CancellationToken cancellationToken);

    Task<int> RemoveExpiredAsync(DateTimeOffset now, CancellationToken cancellationToken);

    Task<SuspiciousIp?> FindAsync(string addressGroup, CancellationToken cancellationToken);
}
