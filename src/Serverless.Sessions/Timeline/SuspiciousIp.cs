using Serverless.Sessions.Accounts;
using Serverless.Sessions.Storage;

namespace Serverless.Sessions.Timeline;

/// <summary>An address with more login attempts than anybody needs, and what was seen of it.</summary>
public sealed record SuspiciousIp
{
    /// <summary>The address, or the group of an IPv6 address.</summary>
    public required string AddressGroup { get; init; }

    /// <summary>The length of the window in which the attempts were counted.</summary>
    public required TimeSpan Window { get; init; }

    /// <summary>Login attempts in that window.</summary>
    public required int Count { get; init; }

    /// <summary>How many of them failed.</summary>
    public required int Failures { get; init; }

    /// <summary>How many different emails they tried.</summary>
    public required int DistinctAccounts { get; init; }

    /// <summary>The first of them.</summary>
    public required DateTimeOffset FirstAt { get; init; }

    /// <summary>The last of them.</summary>
    public required DateTimeOffset LastAt { get; init; }

    /// <summary>The first attempt of the evidence that the flag was set for; what came since overlaps with it.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>When that evidence became too much, as it was when the flag was set.</summary>
    public required DateTimeOffset ExceededAt { get; init; }

    /// <summary>Whether the security event of it is on record.</summary>
    public bool Raised { get; init; }

    /// <summary>When the flag is forgotten unless there is more.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The administrator who has seen it, and when; null while nobody has.</summary>
    public Acknowledgement? Acknowledged { get; init; }

    /// <summary>The flag with what was noted on it. A note from before the evidence was about something else.</summary>
    public SuspiciousIp With(Acknowledgement? noted) => this with { Acknowledged = noted?.At >= FirstAt ? noted : null };
}

/// <summary>That an administrator has seen a flag.</summary>
public sealed record Acknowledgement(UserId By, DateTimeOffset At);

/// <summary>Where flags are kept. Every method throws <see cref="StorageUnavailableException"/> for an outage.</summary>
public interface ISuspiciousIpStore
{
    /// <summary>Flags an address, or renews its evidence; an acknowledgement stays as long as it is of the evidence.</summary>
    Task FlagAsync(SuspiciousIp address, CancellationToken cancellationToken);

    /// <summary>All flags, expired ones included.</summary>
    IAsyncEnumerable<SuspiciousIp> ListAsync(CancellationToken cancellationToken);

    /// <summary>Notes on a flag that it was seen, unless that is noted already.</summary>
    /// <returns>False where the address has no flag.</returns>
    Task<bool> TryAcknowledgeAsync(string addressGroup, Acknowledgement acknowledgement, CancellationToken cancellationToken);

    /// <summary>Removes the flags that have expired.</summary>
    /// <returns>How many.</returns>
    Task<int> RemoveExpiredAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>The flag of an address, expired or not; null where it has none.</summary>
    Task<SuspiciousIp?> FindAsync(string addressGroup, CancellationToken cancellationToken);
}
