namespace Serverless.Sessions.Timeline;

/// <summary>Every method throws <see cref="StorageUnavailableException"/> on an outage.</summary>
public interface ISecurityEventStore
{
    /// <summary>Returns false if the event already exists.</summary>
    Task<bool> TryAddAsync(SecurityEvent securityEvent, CancellationToken cancellationToken);

    /// <summary>Reads the events between two times, inclusive, newest first.</summary>
    IAsyncEnumerable<SecurityEvent> ReadEventsAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken);

    /// <summary>Reads a page, newest first, null for the first page; new events don't shift the pages that follow.</summary>
    Task<SecurityEventPage> ListAsync(SecurityEventList list, LogPosition? after, int limit, CancellationToken cancellationToken);

    /// <summary>Removes events from before a time, up to a limit; returns how many.</summary>
    Task<int> RemoveAsync(DateTimeOffset before, int most, CancellationToken cancellationToken);

    Task<SecurityEvent?> FindAsync(LogPosition position, CancellationToken cancellationToken);

    /// <summary>Records the state of an event's delivery; ignores an event that is gone. Repeatable.</summary>
    Task EndDeliveryAsync(SecurityEvent ended, DeliveryState state, CancellationToken cancellationToken);
}

/// <summary>Events of one kind, or of all if that is null; or only dead letters.</summary>
public readonly record struct SecurityEventList(SecurityEventKind? Kind = null, bool DeadLetters = false);

public sealed record SecurityEventPage(IReadOnlyList<SecurityEvent> Events, LogPosition? Next);
