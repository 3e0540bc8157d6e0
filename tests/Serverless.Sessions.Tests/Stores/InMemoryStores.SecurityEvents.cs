namespace Serverless.Sessions.Tests;

internal sealed partial class InMemoryStores : ISecurityEventStore
{
    private readonly Dictionary<LogPosition, SecurityEvent> _events = [];
    private readonly Dictionary<LogPosition, Delivery> _deliveries = [];

    public Task<bool> TryAddAsync(SecurityEvent securityEvent, CancellationToken cancellationToken) => Locked(() =>
    {
        if (!_events.TryAdd(PositionOf(securityEvent), securityEvent))
            return false;
        if (securityEvent.Delivery == DeliveryState.Pending)
            _deliveries[PositionOf(securityEvent)] = new(securityEvent, 0, securityEvent.At);
        return true;
    });

    public IAsyncEnumerable<SecurityEvent> ReadEventsAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
        Snapshot(NewestFirst().Where(each => each.At >= from && each.At <= to));

    public Task<SecurityEventPage> ListAsync(
        SecurityEventList list, LogPosition? after, int limit, CancellationToken cancellationToken) => Locked(() =>
    {
        var rest = NewestFirst()
            .Where(each => (list.Kind is null || each.Kind == list.Kind) && (!list.DeadLetters || each.Delivery == DeliveryState.DeadLetter))
            .Where(each => IsBehind(each.At, each.Id, after)).ToList();
        return new SecurityEventPage([.. rest.Take(limit)], rest.Count > limit ? PositionOf(rest[limit - 1]) : null);
    });

    public Task<int> RemoveAsync(DateTimeOffset before, int most, CancellationToken cancellationToken) => Locked(() =>
    {
        foreach (var delivery in _deliveries.Where(each => each.Value.DueAt < before).Take(most).ToList())
            _deliveries.Remove(delivery.Key);
        return _events.Values.Where(each => each.At < before).OrderByDescending(each => each.At).Take(most).ToList().Count(each => _events.Remove(PositionOf(each)));
    });

    public IAsyncEnumerable<Delivery> ReadDueDeliveriesAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        Snapshot(_deliveries.Values.Where(delivery => delivery.DueAt <= now).OrderBy(delivery => delivery.DueAt));

    public Task<bool> TryClaimAsync(Delivery delivery, Delivery next, CancellationToken cancellationToken) =>
        Locked(() => IsInState(delivery) && Put(_deliveries, PositionOf(delivery.Event), next));

    public Task<bool> TryEndAsync(Delivery delivery, DeliveryState state, CancellationToken cancellationToken) => Locked(() =>
    {
        if (!IsInState(delivery))
            return false;
        _deliveries.Remove(PositionOf(delivery.Event));
        if (_events.TryGetValue(PositionOf(delivery.Event), out var ended))
            _events[PositionOf(delivery.Event)] = ended with { Delivery = state };
        return true;
    });

    // As in the tables, where an event of another time is another row.
    private static LogPosition PositionOf(SecurityEvent securityEvent) => new(securityEvent.At, securityEvent.Id);

    private bool IsInState(Delivery delivery) =>
        _deliveries.GetValueOrDefault(PositionOf(delivery.Event))?.DueAt == delivery.DueAt;

    private IEnumerable<SecurityEvent> NewestFirst() =>
        _events.Values.OrderByDescending(each => each.At).ThenBy(each => each.Id.ToString("N"), StringComparer.Ordinal);
}
