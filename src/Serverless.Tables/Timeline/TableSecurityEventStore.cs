namespace Serverless.Tables.Timeline;

/// <summary>Security events in one partition, with a row in the list of all, one in the list of their kind, and one for a dead
/// letter. So a page of each list is one range, and each change of an event one transaction.</summary>
internal sealed class TableSecurityEventStore(TableSet tables) : ISecurityEventStore
{
    private const int RowsOfEvent = 3;

    public Task<bool> TryAddAsync(SecurityEvent securityEvent, CancellationToken cancellationToken)
    {
        var rows = ListsOf(securityEvent).Select(key => SecurityEventRow.Write(securityEvent, key));
        return tables.Security.TrySubmitAsync(rows.Select(RowChange.Add), cancellationToken);
    }

    public Task<SecurityEvent?> FindAsync(LogPosition position, CancellationToken cancellationToken) => tables.Security.FindAsync(
        SecurityKeys.EventPartition, SecurityKeys.Event(position), SecurityEventRow.Read, cancellationToken);

    public IAsyncEnumerable<SecurityEvent> ReadEventsAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
        ReadAsync(SecurityKeys.Events(from, to), SecurityEventRow.Read, cancellationToken);

    public async Task<SecurityEventPage> ListAsync(
        SecurityEventList list, LogPosition? after, int limit, CancellationToken cancellationToken)
    {
        var filter = SecurityKeys.Events(list, after).FilterRows(SecurityKeys.EventPartition);
        var (events, last) = await tables.Security.ReadPageAsync(filter, limit, SecurityEventRow.Read, cancellationToken);
        return new(events, last?.Position);
    }

    public async Task<int> RemoveAsync(DateTimeOffset before, int most, CancellationToken cancellationToken)
    {
        var old = await ReadAsync(SecurityKeys.EventsBefore(before), SecurityEventRow.Read, cancellationToken).Take(most)
            .ToListAsync(cancellationToken);
        var removed = 0;
        foreach (var chunk in old.Chunk(StoredTable.MostAtOnce / RowsOfEvent))
        {
            if (await tables.Security.RemoveAsync(SecurityKeys.EventPartition, [.. chunk.SelectMany(RowsOf)], cancellationToken))
                removed += chunk.Length;
        }

        return removed;

        static IEnumerable<string> RowsOf(SecurityEvent old) =>
            old.Delivery == DeliveryState.DeadLetter ? ListsOf(old).Append(SecurityKeys.DeadLetter(old.Position)) : ListsOf(old);
    }

    // A conflict means that the event is gone for its age, or was recorded as a dead letter before.
    public Task EndDeliveryAsync(SecurityEvent ended, DeliveryState state, CancellationToken cancellationToken)
    {
        var actions = ListsOf(ended).Select(key => RowChange.Merge(SecurityEventRow.ForDelivery(key, state)));
        if (state == DeliveryState.DeadLetter)
        {
            var key = SecurityKeys.DeadLetter(ended.Position);
            actions = actions.Append(RowChange.Add(SecurityEventRow.Write(ended with { Delivery = state }, key)));
        }

        return tables.Security.TrySubmitAsync(actions, cancellationToken);
    }

    private static IEnumerable<string> ListsOf(SecurityEvent listed) =>
        [SecurityKeys.Event(listed.Position), SecurityKeys.Event(listed.Kind, listed.Position)];

    private IAsyncEnumerable<T> ReadAsync<T>(KeyRange rows, Func<StoredRow, T> read, CancellationToken cancellationToken)
        where T : notnull => tables.Security.ReadAsync(rows.FilterRows(SecurityKeys.EventPartition), read, cancellationToken);
}
