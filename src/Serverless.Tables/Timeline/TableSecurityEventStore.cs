namespace Serverless.Tables.Timeline;

/// <summary>Security events in one partition, with a row in the list of all, one in the list of their kind, and one as a pending
/// delivery or dead letter. So a page of each list is one range, and each change of an event one transaction.</summary>
internal sealed class TableSecurityEventStore(TableSet tables, UnreadableRows unreadable) : ISecurityEventStore
{
    /// <summary>Events of one transaction: three rows each, of at most a hundred.</summary>
    private const int MaximumAtOnce = 33;

    private const int MaximumDeliveriesAtOnce = 100;

    private readonly TableClient _table = tables.Security;
    private readonly RowReader _reader = new(unreadable, tables.Security.Name);

    public Task<bool> TryAddAsync(SecurityEvent securityEvent, CancellationToken cancellationToken)
    {
        var rows = ListsOf(securityEvent).Select(key => SecurityEventRow.Write(securityEvent, key));
        if (securityEvent.Delivery == DeliveryState.Pending)
        {
            var delivery = new Delivery(securityEvent, Attempts: 0, securityEvent.At);
            rows = rows.Append(SecurityEventRow.Write(delivery, SecurityKeys.Delivery(delivery)));
        }

        return SubmitAsync(rows.Select(row => new TableTransactionAction(TableTransactionActionType.Add, row)), cancellationToken);
    }

    public IAsyncEnumerable<SecurityEvent> ReadEventsAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
        ReadAsync(SecurityKeys.Events(from, to), SecurityEventRow.Read, cancellationToken);

    public async Task<SecurityEventPage> ListAsync(
        SecurityEventList list, LogPosition? after, int limit, CancellationToken cancellationToken)
    {
        // One event more than asked for tells whether there is another page.
        var read = await ReadAsync(SecurityKeys.Events(list, after), SecurityEventRow.Read, cancellationToken, limit + 1).Take(limit + 1)
            .ToListAsync(cancellationToken);
        var page = read.Take(limit).ToList();
        return new(page, read.Count > limit ? PositionOf(page[^1]) : null);
    }

    public async Task<int> RemoveAsync(DateTimeOffset before, int most, CancellationToken cancellationToken)
    {
        var old = await ReadAsync(SecurityKeys.EventsBefore(before), SecurityEventRow.Read, cancellationToken).Take(most)
            .ToListAsync(cancellationToken);
        if (old.Count > 0)
            await RemoveDeliveriesAsync(before, most, cancellationToken);
        var removed = 0;
        foreach (var chunk in old.Chunk(MaximumAtOnce))
        {
            var rows = chunk.SelectMany(RowsOf).ToList();
            if (await SubmitAsync(rows.Select(Delete), cancellationToken))
            {
                removed += chunk.Length;
                continue;
            }

            // Another run removed some of them: remove the rest one by one.
            foreach (var row in rows)
            {
                await StorageCall.SendAsync(
                    _table.DeleteEntityAsync(SecurityKeys.EventPartition, row, ETag.All, cancellationToken), cancellationToken);
            }
        }

        return removed;

        static IEnumerable<string> RowsOf(SecurityEvent old) =>
            old.Delivery == DeliveryState.DeadLetter ? ListsOf(old).Append(SecurityKeys.DeadLetter(PositionOf(old))) : ListsOf(old);
    }

    public IAsyncEnumerable<Delivery> ReadDueDeliveriesAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        ReadAsync(SecurityKeys.DueDeliveries(now), SecurityEventRow.ReadDelivery, cancellationToken);

    // The key of a delivery holds its due time, so a missing row means that another run has claimed the delivery. A retry of the
    // storage client sees the same; then the delivery waits until it is due again.
    public Task<bool> TryClaimAsync(Delivery delivery, Delivery next, CancellationToken cancellationToken) => SubmitAsync(
        [
            Delete(SecurityKeys.Delivery(delivery)),
            new(TableTransactionActionType.Add, SecurityEventRow.Write(next, SecurityKeys.Delivery(next))),
        ],
        cancellationToken);

    public async Task<bool> TryEndAsync(Delivery delivery, DeliveryState state, CancellationToken cancellationToken)
    {
        var ended = delivery.Event with { Delivery = state };
        var actions = ListsOf(ended)
            .Select(key => new TableTransactionAction(
                TableTransactionActionType.UpdateMerge, SecurityEventRow.ForDelivery(key, state), ETag.All))
            .Append(Delete(SecurityKeys.Delivery(delivery)));
        if (state == DeliveryState.DeadLetter)
        {
            actions = actions.Append(new(
                TableTransactionActionType.Add,
                SecurityEventRow.Write(delivery with { Event = ended }, SecurityKeys.DeadLetter(PositionOf(ended)))));
        }

        // A conflict means that the delivery, or its event for its age, is gone; then only the delivery is left to remove.
        return await SubmitAsync(actions, cancellationToken)
            || await SubmitAsync([Delete(SecurityKeys.Delivery(delivery))], cancellationToken);
    }

    private static IEnumerable<string> ListsOf(SecurityEvent listed) =>
        [SecurityKeys.Event(PositionOf(listed)), SecurityKeys.Event(listed.Kind, PositionOf(listed))];

    private static LogPosition PositionOf(SecurityEvent listed) => new(listed.At, listed.Id);

    private static TableTransactionAction Delete(string rowKey) =>
        new(TableTransactionActionType.Delete, new TableEntity(SecurityKeys.EventPartition, rowKey), ETag.All);

    // Without a receiver nothing else removes deliveries. After a crash, the next run still removes their events; a delivery that
    // was due later goes with the next old event.
    private async Task RemoveDeliveriesAsync(DateTimeOffset before, int most, CancellationToken cancellationToken)
    {
        var due = await ReadAsync(SecurityKeys.DueDeliveries(before.AddTicks(-1)), row => row.RowKey, cancellationToken).Take(most)
            .ToListAsync(cancellationToken);
        foreach (var chunk in due.Chunk(MaximumDeliveriesAtOnce))
            await SubmitAsync(chunk.Select(Delete), cancellationToken);
    }

    private async Task<bool> SubmitAsync(IEnumerable<TableTransactionAction> actions, CancellationToken cancellationToken) =>
        (await _table.SubmitAsync(actions, cancellationToken)).Done;

    private IAsyncEnumerable<T> ReadAsync<T>(
        KeyRange rows, Func<StoredRow, T> read, CancellationToken cancellationToken, int? pageSize = null)
        where T : notnull =>
        _reader.ReadAllAsync(_table.ReadRowsAsync(SecurityKeys.EventPartition, rows, cancellationToken, pageSize), read);
}
