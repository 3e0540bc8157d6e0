using Serverless.Sessions.AuditLog;
using Serverless.Sessions.Storage;

namespace Serverless.Sessions.Timeline;

/// <summary>Where security events are kept, and what is to be sent of them. Every method throws
/// <see cref="StorageUnavailableException"/> for an outage.</summary>
public interface ISecurityEventStore
{
    /// <summary>Adds an event; one that is pending is due to be sent from its own time on.</summary>
    /// <returns>False where it is there already.</returns>
    Task<bool> TryAddAsync(SecurityEvent securityEvent, CancellationToken cancellationToken);

    /// <summary>The events from one time to another, both included, the newest first.</summary>
    IAsyncEnumerable<SecurityEvent> ReadEventsAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken);

    /// <summary>A page of a list, the newest first. New events don't move the pages after it.</summary>
    /// <param name="list">Which list.</param>
    /// <param name="after">The event that the page before ended with; null for the first page.</param>
    /// <param name="limit">How many events at the most.</param>
    Task<SecurityEventPage> ListAsync(SecurityEventList list, LogPosition? after, int limit, CancellationToken cancellationToken);

    /// <summary>Removes events of before a time, and with them the deliveries that were due before it.</summary>
    /// <param name="most">How many at the most.</param>
    /// <returns>How many.</returns>
    Task<int> RemoveAsync(DateTimeOffset before, int most, CancellationToken cancellationToken);

    /// <summary>What is due to be sent, the longest due first.</summary>
    IAsyncEnumerable<Delivery> ReadDueDeliveriesAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Takes a delivery on by making the one after it: whoever does may send it.</summary>
    /// <param name="delivery">The delivery that is due.</param>
    /// <param name="next">The same, with its next attempt and the time of that.</param>
    /// <returns>False where somebody else has taken it on.</returns>
    Task<bool> TryTakeOnAsync(Delivery delivery, Delivery next, CancellationToken cancellationToken);

    /// <summary>Ends a delivery, which is told of the event and, for a dead letter, in a list of its own. One whose event was
    /// removed meanwhile just ends.</summary>
    /// <returns>False where somebody else has taken it on or ended it.</returns>
    Task<bool> TryEndAsync(Delivery delivery, DeliveryState state, CancellationToken cancellationToken);
}

/// <summary>A list of events.</summary>
/// <param name="Kind">The only kind in it; null for any.</param>
/// <param name="DeadLetters">Whether it has only those that no receiver took.</param>
public readonly record struct SecurityEventList(SecurityEventKind? Kind = null, bool DeadLetters = false);

/// <summary>A page of events.</summary>
/// <param name="Events">The events, newest first.</param>
/// <param name="Next">Where the next page begins; null where there is none.</param>
public sealed record SecurityEventPage(IReadOnlyList<SecurityEvent> Events, LogPosition? Next);

/// <summary>An event on its way to the receiver.</summary>
/// <param name="Event">The event.</param>
/// <param name="Attempts">How often it was taken on.</param>
/// <param name="DueAt">When it is to be sent.</param>
public sealed record Delivery(SecurityEvent Event, int Attempts, DateTimeOffset DueAt);
