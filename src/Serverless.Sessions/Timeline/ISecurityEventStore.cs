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

    /// <summary>Claims a delivery by replacing it with its next attempt and due time: only the claimant may send it. False if
    /// another run has claimed it.</summary>
    Task<bool> TryClaimAsync(Delivery delivery, Delivery next, CancellationToken cancellationToken);

    /// <summary>Ends a delivery and records its state on the event, unless that was removed; a dead letter also goes to its own
    /// list. False if another run has claimed or ended it.</summary>
    Task<bool> TryEndAsync(Delivery delivery, DeliveryState state, CancellationToken cancellationToken);
}

/// <summary>Events of one kind, or of all if that is null; or only dead letters.</summary>
public readonly record struct SecurityEventList(SecurityEventKind? Kind = null, bool DeadLetters = false);

/// <summary><c>Next</c> is null on the last page.</summary>
public sealed record SecurityEventPage(IReadOnlyList<SecurityEvent> Events, LogPosition? Next);

/// <summary>An event to be sent; <c>Attempts</c> is how often it was claimed.</summary>
public sealed record Delivery(SecurityEvent Event, int Attempts, DateTimeOffset DueAt);
