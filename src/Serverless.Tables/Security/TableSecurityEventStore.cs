using Azure;
using Azure.Data.Tables;
using Serverless.Sessions.AuditLog;
using Serverless.Sessions.Storage;
using Serverless.Sessions.Timeline;
using Serverless.Tables.Storage;

namespace Serverless.Tables.Security;

/// <summary>
/// Security events in one partition: in the list of all, once more in that of their kind, and those that are on their way to a
/// receiver or were given up in two more. So a page of each list is one range, and each change of an event one transaction.
/// </summary>
internal sealed class TableSecurityEventStore(TableSet tables, UnreadableRows unreadable) : ISecurityEventStore
{
    /// <summary>The most events of one transaction: three rows each, of at most a hundred.</summary>
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
            rows = rows.Append(SecurityEventRow.Write(delivery, TableKeys.Delivery(delivery)));
        }

        return SubmitAsync(rows.Select(row => new TableTransactionAction(TableTransactionActionType.Add, row)), cancellationToken);
    }

    public IAsyncEnumerable<SecurityEvent> ReadEventsAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
        ReadAsync(TableKeys.SecurityEvents(from, to), SecurityEventRow.Read, cancellationToken);

    public async Task<SecurityEventPage> ListAsync(
        SecurityEventList list, LogPosition? after, int limit, CancellationToken cancellationToken)
    {
        // One event more than asked for tells whether there is another page.
        var read = await ReadAsync(TableKeys.SecurityEvents(list, after), SecurityEventRow.Read, cancellationToken, limit + 1).Take(limit + 1)
            .ToListAsync(cancellationToken);
        var page = read.Take(limit).ToList();
        return new(page, read.Count > limit ? PositionOf(page[^1]) : null);
    }

    public async Task<int> RemoveAsync(DateTimeOffset before, int most, CancellationToken cancellationToken)
    {
        var old = await ReadAsync(TableKeys.SecurityEventsBefore(before), SecurityEventRow.Read, cancellationToken).Take(most)
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

            // Another run removes the same, or somebody took one of the rows away by hand: what is left goes one by one.
            foreach (var row in rows)
            {
                await StorageCall.SendAsync(
                    _table.DeleteEntityAsync(TableKeys.EventPartition, row, ETag.All, cancellationToken), cancellationToken);
            }
        }

        return removed;

        static IEnumerable<string> RowsOf(SecurityEvent old) =>
            old.Delivery == DeliveryState.DeadLetter ? ListsOf(old).Append(TableKeys.DeadLetter(PositionOf(old))) : ListsOf(old);
    }

    public IAsyncEnumerable<Delivery> ReadDueDeliveriesAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        ReadAsync(TableKeys.DueDeliveries(now), SecurityEventRow.ReadDelivery, cancellationToken);

    // The row of a delivery is named by when it is due, so whoever finds the row gone finds the delivery taken on. A repeated try
    // of the storage client finds that, too: then the delivery waits until it is due again.
    public Task<bool> TryTakeOnAsync(Delivery delivery, Delivery next, CancellationToken cancellationToken) => SubmitAsync(
        [
            Delete(TableKeys.Delivery(delivery)),
            new(TableTransactionActionType.Add, SecurityEventRow.Write(next, TableKeys.Delivery(next))),
        ],
        cancellationToken);

    public async Task<bool> TryEndAsync(Delivery delivery, DeliveryState state, CancellationToken cancellationToken)
    {
        var ended = delivery.Event with { Delivery = state };
        var actions = ListsOf(ended)
            .Select(key => new TableTransactionAction(
                TableTransactionActionType.UpdateMerge, SecurityEventRow.ForDelivery(key, state), ETag.All))
            .Append(Delete(TableKeys.Delivery(delivery)));
        if (state == DeliveryState.DeadLetter)
        {
            actions = actions.Append(new(
                TableTransactionActionType.Add,
                SecurityEventRow.Write(delivery with { Event = ended }, TableKeys.DeadLetter(PositionOf(ended)))));
        }

        // Refused where the delivery is gone, or else its event, for its age: then there is nothing but the delivery to end.
        return await SubmitAsync(actions, cancellationToken)
            || await SubmitAsync([Delete(TableKeys.Delivery(delivery))], cancellationToken);
    }

    private static IEnumerable<string> ListsOf(SecurityEvent listed) =>
        [TableKeys.SecurityEvent(PositionOf(listed)), TableKeys.SecurityEvent(listed.Kind, PositionOf(listed))];

    private static LogPosition PositionOf(SecurityEvent listed) => new(listed.At, listed.Id);

    private static TableTransactionAction Delete(string rowKey) =>
        new(TableTransactionActionType.Delete, new TableEntity(TableKeys.EventPartition, rowKey), ETag.All);

    // Where there is no receiver nobody ends these. After a crash behind it their events still go with the next run; what is left
    // of them because it was due later goes when the next old event does.
    private async Task RemoveDeliveriesAsync(DateTimeOffset before, int most, CancellationToken cancellationToken)
    {
        var due = await ReadAsync(TableKeys.DueDeliveries(before.AddTicks(-1)), row => row.RowKey, cancellationToken).Take(most)
            .ToListAsync(cancellationToken);
        foreach (var chunk in due.Chunk(MaximumDeliveriesAtOnce))
            await SubmitAsync(chunk.Select(Delete), cancellationToken);
    }

    private async Task<bool> SubmitAsync(IEnumerable<TableTransactionAction> actions, CancellationToken cancellationToken)
    {
        var answer = await StorageCall.SendAsync(_table.SubmitTransactionAsync(actions, cancellationToken), cancellationToken);
        return answer.Done;
    }

    private IAsyncEnumerable<T> ReadAsync<T>(
        KeyRange rows, Func<StoredRow, T> read, CancellationToken cancellationToken, int? pageSize = null)
        where T : notnull
    {
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {TableKeys.EventPartition} and RowKey gt {rows.From} and RowKey lt {rows.To}");
        var found = _table.QueryAsync<TableEntity>(filter, maxPerPage: pageSize, cancellationToken: cancellationToken);
        return _reader.ReadAllAsync(StorageCall.ReadAllAsync(found, cancellationToken), read);
    }
}
