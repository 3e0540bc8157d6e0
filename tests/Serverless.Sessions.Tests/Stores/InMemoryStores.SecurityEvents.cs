namespace Serverless.Sessions.Tests;

internal sealed partial class InMemoryStores : ISecurityEventStore
{
    private readonly Dictionary<LogPosition, SecurityEvent> _events = [];

    // As in the tables, where an event of another time is another row.
    public Task<bool> TryAddAsync(SecurityEvent securityEvent, CancellationToken cancellationToken) =>
        Locked(() => _events.TryAdd(securityEvent.Position, securityEvent));

    public Task<SecurityEvent?> FindAsync(LogPosition position, CancellationToken cancellationToken) =>
        Locked(() => _events.GetValueOrDefault(position));

    public IAsyncEnumerable<SecurityEvent> ReadEventsAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
        Snapshot(NewestFirst().Where(each => each.At >= from && each.At <= to));

    public Task<SecurityEventPage> ListAsync(
        SecurityEventList list, LogPosition? after, int limit, CancellationToken cancellationToken) => Locked(() =>
    {
        var rest = NewestFirst()
            .Where(each => (list.Kind is null || each.Kind == list.Kind) && (!list.DeadLetters || each.Delivery == DeliveryState.DeadLetter))
            .Where(each => IsBehind(each.At, each.Id, after)).ToList();
        return new SecurityEventPage([.. rest.Take(limit)], rest.Count > limit ? rest[limit - 1].Position : null);
    });

    public Task<int> RemoveAsync(DateTimeOffset before, int most, CancellationToken cancellationToken) => Locked(() =>
        _events.Values.Where(each => each.At < before).OrderByDescending(each => each.At).Take(most).ToList()
            .Count(each => _events.Remove(each.Position)));

    public Task EndDeliveryAsync(SecurityEvent ended, DeliveryState state, CancellationToken cancellationToken) => Locked(() =>
    {
        if (_events.TryGetValue(ended.Position, out var known))
            _events[ended.Position] = known with { Delivery = state };
    });

    private IEnumerable<SecurityEvent> NewestFirst() =>
        _events.Values.OrderByDescending(each => each.At).ThenBy(each => each.Id.ToString("N"), StringComparer.Ordinal);
}
