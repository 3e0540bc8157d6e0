using System.Security.Cryptography;
using System.Text;
using Serverless.Sessions.Accounts;
using Serverless.Sessions.Sessions;

namespace Serverless.Sessions.Timeline;

/// <summary>Something that somebody should look at. What it is made of decides its identity and its time, so it is one event however
/// often it is found.</summary>
public sealed record SecurityEvent
{
    /// <summary>Its identity, which a receiver knows it again by.</summary>
    public required Guid Id { get; init; }

    /// <summary>What happened.</summary>
    public required SecurityEventKind Kind { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>To whom; none for an address.</summary>
    public UserId? UserId { get; init; }

    /// <summary>To which session, or which one began.</summary>
    public SessionId? SessionId { get; init; }

    /// <summary>From where; of several addresses, the last one.</summary>
    public required string AddressGroup { get; init; }

    /// <summary>What was counted; null where one incident is all there is to it.</summary>
    public SecurityEvidence? Evidence { get; init; }

    /// <summary>How far its way to the receiver is; null where there was no receiver.</summary>
    public DeliveryState? Delivery { get; init; }

    /// <summary>One incident.</summary>
    public static SecurityEvent Of(SecurityEventKind kind, Activity activity)
    {
        return new()
        {
            Id = IdOf(kind, activity.Id.ToString("N")),
            Kind = kind,
            At = activity.At,
            UserId = activity.UserId,
            SessionId = activity.SessionId,
            AddressGroup = activity.AddressGroup,
        };
    }

    /// <summary>That an address was flagged: once for as long as new evidence overlaps with what is known. It is known by when that
    /// evidence began, and its time is when it became too much: both stand still while there comes more.</summary>
    public static SecurityEvent Of(SuspiciousIp flag)
    {
        return new()
        {
            Id = IdOf(SecurityEventKind.AddressFlagged, $"{flag.AddressGroup}:{flag.Since.UtcTicks}"),
            Kind = SecurityEventKind.AddressFlagged,
            At = flag.ExceededAt,
            AddressGroup = flag.AddressGroup,
            Evidence = new(flag.Window, flag.Count, flag.Failures, flag.DistinctAccounts, DistinctAddresses: 1, flag.FirstAt, flag.LastAt),
        };
    }

    private static Guid IdOf(SecurityEventKind kind, string about) =>
        new(SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}:{about}")).AsSpan(0, 16));
}

/// <summary>What was counted, so that an event explains itself.</summary>
/// <param name="Window">The length of the window.</param>
/// <param name="Count">Login attempts in it.</param>
/// <param name="Failures">How many of them failed.</param>
/// <param name="DistinctAccounts">How many emails they tried.</param>
/// <param name="DistinctAddresses">From how many addresses they came; an IPv6 /64 is one.</param>
/// <param name="FirstAt">The first of them.</param>
/// <param name="LastAt">The last of them.</param>
public sealed record SecurityEvidence(
    TimeSpan Window,
    int Count,
    int Failures,
    int DistinctAccounts,
    int DistinctAddresses,
    DateTimeOffset FirstAt,
    DateTimeOffset LastAt);

/// <summary>How far the way of an event to its receiver is.</summary>
public enum DeliveryState
{
    /// <summary>It is to be sent, for the first time or once more.</summary>
    Pending,

    /// <summary>The receiver has it.</summary>
    Delivered,

    /// <summary>The receiver didn't take it, and it isn't sent any more.</summary>
    DeadLetter,
}
