namespace Serverless.Tables.Timeline;

/// <summary>Security events in one partition, with a row in the list of all, one in the list of their kind, and one as a pending
/// delivery or dead letter. So a page of each list is one range, and each change of an event one transaction.</summary>
internal sealed class TableSecurityEventStore(TableSet tables) : ISecurityEventStore
{
    private const int RowsOfEvent = 3;

    public Task<bool> TryAddAsync(SecurityEvent securityEvent, CancellationToken cancellationToken)
    {
        var rows = ListsOf(securityEvent).Select(key => SecurityEventRow.Write(securityEvent, key));
        if (securityEvent.Delivery == DeliveryState.Pending)
            rows = rows.Append(SecurityEventRow.Write(new Delivery(securityEvent, Attempts: 0, securityEvent.At)));
        return tables.Security.TrySubmitAsync(rows.Select(RowChange.Add), cancellationToken);
    }

    public IAsyncEnumerable<SecurityEvent> ReadEventsAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
        ReadAsync(SecurityKeys.Events(from, to), SecurityEventRow.Read, cancellationToken);

    public async Task<SecurityEventPage> ListAsync(
        SecurityEventList list, LogPosition? after, int limit, CancellationToken cancellationToken)
    {
        var filter = SecurityKeys.Events(list, after).FilterRows(SecurityKeys.EventPartition);
        var (events, last) = await tables.Security.ReadPageAsync(filter, limit, SecurityEventRow.Read, cancellationToken);
        return new(events, last is null ? null : PositionOf(last));
    }

    public async Task<int> RemoveAsync(DateTimeOffset before, int most, CancellationToken cancellationToken)
    {
        var old = await ReadAsync(SecurityKeys.EventsBefore(before), SecurityEventRow.Read, cancellationToken).Take(most)
            .ToListAsync(cancellationToken);
        if (old.Count > 0)
            await RemoveDeliveriesAsync(before, most, cancellationToken);
        var removed = 0;
        foreach (var chunk in old.Chunk(StoredTable.MostAtOnce / RowsOfEvent))
        {
            if (await tables.Security.RemoveAsync(SecurityKeys.EventPartition, [.. chunk.SelectMany(RowsOf)], cancellationToken))
                removed += chunk.Length;
        }

        return removed;

        static IEnumerable<string> RowsOf(SecurityEvent old) =>
            old.Delivery == DeliveryState.DeadLetter ? ListsOf(old).Append(SecurityKeys.DeadLetter(PositionOf(old))) : ListsOf(old);
    }

    public IAsyncEnumerable<Delivery> ReadDueDeliveriesAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        ReadAsync(SecurityKeys.DueDeliveries(now), SecurityEventRow.ReadDelivery, cancellationToken);

    // The key of a delivery holds its due time, so a missing row means that another run has claimed the delivery. A retry of the
    // storage client sees the same; then the delivery waits until it is due again.
    public Task<bool> TryClaimAsync(Delivery delivery, Delivery next, CancellationToken cancellationToken) =>
        tables.Security.TrySubmitAsync([Delete(delivery), RowChange.Add(SecurityEventRow.Write(next))], cancellationToken);

    public async Task<bool> TryEndAsync(Delivery delivery, DeliveryState state, CancellationToken cancellationToken)
    {
        var ended = delivery.Event with { Delivery = state };
        List<TableTransactionAction> actions =
            [.. ListsOf(ended).Select(key => RowChange.Merge(SecurityEventRow.ForDelivery(key, state))), Delete(delivery)];
        if (state == DeliveryState.DeadLetter)
        {
            var key = SecurityKeys.DeadLetter(PositionOf(ended));
            actions.Add(RowChange.Add(SecurityEventRow.Write(delivery with { Event = ended }, key)));
        }

        // A conflict means that the delivery, or its event for its age, is gone; then only the delivery is left to remove.
        return await tables.Security.TrySubmitAsync(actions, cancellationToken)
            || await tables.Security.TrySubmitAsync([Delete(delivery)], cancellationToken);
    }

    private static IEnumerable<string> ListsOf(SecurityEvent listed) =>
        [SecurityKeys.Event(PositionOf(listed)), SecurityKeys.Event(listed.Kind, PositionOf(listed))];

    private static LogPosition PositionOf(SecurityEvent listed) => new(listed.At, listed.Id);

    private static TableTransactionAction Delete(Delivery delivery) =>
        RowChange.Delete(SecurityKeys.EventPartition, SecurityKeys.Delivery(delivery));

    // Without a receiver nothing else removes deliveries. After a crash, the next run still removes their events; a delivery that
    // was due later goes with the next old event.
    private async Task RemoveDeliveriesAsync(DateTimeOffset before, int most, CancellationToken cancellationToken)
    {
        var due = await ReadAsync(SecurityKeys.DueDeliveries(before.AddTicks(-1)), row => row.RowKey, cancellationToken).Take(most)
            .ToListAsync(cancellationToken);
        foreach (var chunk in due.Chunk(StoredTable.MostAtOnce))
        {
            await tables.Security.SubmitAsync(
                chunk.Select(row => RowChange.Delete(SecurityKeys.EventPartition, row)), cancellationToken);
        }
    }

    private IAsyncEnumerable<T> ReadAsync<T>(KeyRange rows, Func<StoredRow, T> read, CancellationToken cancellationToken)
        where T : notnull => tables.Security.ReadAsync(rows.FilterRows(SecurityKeys.EventPartition), read, cancellationToken);
}
