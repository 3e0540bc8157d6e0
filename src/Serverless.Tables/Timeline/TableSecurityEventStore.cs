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

    // A conflict means that the event is gone for its age.
    public Task EndDeliveryAsync(SecurityEvent ended, DeliveryState state, CancellationToken cancellationToken) =>
        state == DeliveryState.DeadLetter ? AddDeadLetterAsync(ended.Position, cancellationToken)
        : tables.Security.TrySubmitAsync(
            ListsOf(ended).Select(key => RowChange.Merge(SecurityEventRow.ForDelivery(key, state))), cancellationToken);

    // From what is stored: its user may have been erased since the event was read.
    private async Task AddDeadLetterAsync(LogPosition position, CancellationToken cancellationToken)
    {
        for (var tries = new Retries(TimeProvider.System); ; await tries.NextAsync(cancellationToken))
        {
            var key = SecurityKeys.Event(position);
            if (await tables.Security.FindAsync(SecurityKeys.EventPartition, key, cancellationToken) is not { } row)
                return;
            var dead = tables.Security.Read(row, SecurityEventRow.Read);
            // Recorded before.
            if (dead.Delivery == DeliveryState.DeadLetter)
                return;
            dead = dead with { Delivery = DeliveryState.DeadLetter };
            TableTransactionAction[] actions =
            [
                RowChange.Merge(SecurityEventRow.ForDelivery(key, DeliveryState.DeadLetter), row.Version),
                RowChange.Merge(SecurityEventRow.ForDelivery(SecurityKeys.Event(dead.Kind, position), DeliveryState.DeadLetter)),
                RowChange.Add(SecurityEventRow.Write(dead, SecurityKeys.DeadLetter(position))),
            ];
            if (await tables.Security.TrySubmitAsync(actions, cancellationToken))
                return;
        }
    }

    private static IEnumerable<string> ListsOf(SecurityEvent listed) =>
        [SecurityKeys.Event(listed.Position), SecurityKeys.Event(listed.Kind, listed.Position)];

    private IAsyncEnumerable<T> ReadAsync<T>(KeyRange rows, Func<StoredRow, T> read, CancellationToken cancellationToken)
        where T : notnull => tables.Security.ReadAsync(rows.FilterRows(SecurityKeys.EventPartition), read, cancellationToken);
}
