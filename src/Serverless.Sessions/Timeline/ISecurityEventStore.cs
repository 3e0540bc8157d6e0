namespace Serverless.Sessions.Timeline;

/// <summary>Stores events and deliveries. Every method throws <see cref="StorageUnavailableException"/> on an outage.</summary>
public interface ISecurityEventStore
{
    /// <summary>Adds an event; a pending one is due from its own time on. False if it already exists.</summary>
    Task<bool> TryAddAsync(SecurityEvent securityEvent, CancellationToken cancellationToken);

    /// <summary>Reads the events between two times, inclusive, newest first.</summary>
    IAsyncEnumerable<SecurityEvent> ReadEventsAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken);

    /// <summary>Reads a page, newest first, null for the first page; new events don't shift the pages that follow.</summary>
    Task<SecurityEventPage> ListAsync(SecurityEventList list, LogPosition? after, int limit, CancellationToken cancellationToken);

    /// <summary>Removes events from before a time, up to a limit, and deliveries due before it; returns how many.</summary>
    Task<int> RemoveAsync(DateTimeOffset before, int most, CancellationToken cancellationToken);

    /// <summary>Longest due first.</summary>
    IAsyncEnumerable<Delivery> ReadDueDeliveriesAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Replaces a delivery with its next attempt. Only the claimant may send it; false if another run has it.</summary>
    Task<bool> TryClaimAsync(Delivery delivery, Delivery next, CancellationToken cancellationToken);

    /// <summary>Ends a delivery and records its state on the event; false if another run has claimed or ended it.</summary>
    Task<bool> TryEndAsync(Delivery delivery, DeliveryState state, CancellationToken cancellationToken);
}

/// <summary>Events of one kind, or of all if that is null; or only dead letters.</summary>
public readonly record struct SecurityEventList(SecurityEventKind? Kind = null, bool DeadLetters = false);

public sealed record SecurityEventPage(IReadOnlyList<SecurityEvent> Events, LogPosition? Next);

/// <summary>An event to be sent; <c>Attempts</c> is how often it was claimed.</summary>
public sealed record Delivery(SecurityEvent Event, int Attempts, DateTimeOffset DueAt);
