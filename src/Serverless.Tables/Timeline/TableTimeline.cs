using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using Microsoft.Extensions.Options;
using Serverless.Sessions.Sessions;
using Serverless.Sessions.Storage;
using Serverless.Sessions.Timeline;
using Serverless.Tables.Storage;

namespace Serverless.Tables.Timeline;

/// <summary>The timeline in partitions of an hour and a shard.</summary>
internal sealed class TableTimeline(TableSet tables, IOptions<StorageOptions> options, UnreadableRows unreadable) : ITimeline
{
    private readonly TableClient _table = tables.Timeline;
    private readonly RowReader _reader = new(unreadable, tables.Timeline.Name);
    private readonly int _shards = options.Value.TimelineShards;

    public Task ScheduleExpiryAsync(SessionDue due, CancellationToken cancellationToken) => UpsertAsync(
        new(TableKeys.Expiry(due.SessionId, due.At, _shards), TableKeys.ExpiryRow(due.UserId, due.SessionId)), cancellationToken);

    public Task RevokeAsync(SessionId session, DateTimeOffset before, CancellationToken cancellationToken) => UpsertAsync(
        new(TableKeys.Revocation(session, before, _shards), TableKeys.RevocationRow(session, before)), cancellationToken);

    // Somebody waits for this one, so the shards are read at the same time.
    public async Task<IReadOnlyList<Revocation>> ReadRevocationsAsync(
        DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var shards = await Task.WhenAll(Enumerable.Range(0, _shards).Select(async shard =>
            await ReadAsync(TableKeys.RevocationHours(shard, from, to), TableKeys.RowsOf(from, to), ReadRevocation, cancellationToken)
                .ToListAsync(cancellationToken)));
        return [.. shards.SelectMany(shard => shard)];
    }

    public Task RecordAsync(Activity activity, CancellationToken cancellationToken) =>
        UpsertAsync(ActivityRow.Write(activity, TableKeys.Activity(activity, _shards)), cancellationToken);

    // One transaction is of one partition. Readers read all shards of an hour, so any of them will do.
    public Task RecordTogetherAsync(IReadOnlyList<Activity> activities, CancellationToken cancellationToken)
    {
        var partition = TableKeys.Activity(activities[0], _shards);
        return StorageCall.SendAsync(
            _table.SubmitTransactionAsync(
                activities.DistinctBy(TableKeys.ActivityRow).Select(activity => new TableTransactionAction(
                    TableTransactionActionType.UpsertReplace, ActivityRow.Write(activity, partition))),
                cancellationToken),
            cancellationToken);
    }

    public async IAsyncEnumerable<DueBatch> ReadDueAsync(
        DateTimeOffset now, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var shard = 0; shard < _shards; shard++)
        {
            var hours = TableKeys.DueHours(shard, now);
            var filter = TableClient.CreateQueryFilter($"PartitionKey ge {hours.From} and PartitionKey lt {hours.To}");
            var found = StorageCall.ReadAllAsync(_table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken), cancellationToken);
            var rows = _reader.ReadAllAsync(found, row => TimelineRow<SessionDue>.Read(row, ReadDue));
            await foreach (var batch in TimelineBatches.BatchAsync(rows).WithCancellation(cancellationToken))
                yield return new(batch[0].Partition, [.. batch.Select(row => row.Value)]);
        }
    }

    public async Task<DateTimeOffset?> FindOldestDueAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        await FindOldestHourAsync(shard => TableKeys.DueHours(shard, now), ReadDue, cancellationToken) is { } hour
            ? hour.AddHours(1)
            : null;

    public Task RemoveAsync(DueBatch batch, CancellationToken cancellationToken) => TimelineBatches.RemoveAsync(
        _table, batch.Partition, [.. batch.Sessions.Select(due => TableKeys.ExpiryRow(due.UserId, due.SessionId))], cancellationToken);

    public Task FileChangeAsync(ChangeDue due, CancellationToken cancellationToken) =>
        UpsertAsync(new(TableKeys.Change(due), TableKeys.ChangeRow(due)), cancellationToken);

    public async IAsyncEnumerable<IReadOnlyList<ChangeDue>> ReadDueChangesAsync(
        DateTimeOffset now, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var rows = ReadAsync(
            TableKeys.ChangeHours(now), TableKeys.RowsUpTo(now), row => TimelineRow<ChangeDue>.Read(row, ReadChange), cancellationToken);
        await foreach (var batch in TimelineBatches.BatchAsync(rows).WithCancellation(cancellationToken))
            yield return [.. batch.Select(row => row.Value)];
    }

    public Task RemoveAsync(IReadOnlyList<ChangeDue> done, CancellationToken cancellationToken) => done.Count == 0
        ? Task.CompletedTask
        : TimelineBatches.RemoveAsync(_table, TableKeys.Change(done[0]), [.. done.Select(TableKeys.ChangeRow)], cancellationToken);

    public async IAsyncEnumerable<Activity> ReadActivityAsync(
        DateTimeOffset from, DateTimeOffset to, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var shard = 0; shard < _shards; shard++)
        {
            var hours = TableKeys.ActivityHours(shard, from, to);
            await foreach (var activity in ReadAsync(hours, TableKeys.RowsOf(from, to), ActivityRow.Read, cancellationToken))
                yield return activity;
        }
    }

    public Task<DateTimeOffset?> FindOldestActivityAsync(DateTimeOffset before, CancellationToken cancellationToken) =>
        FindOldestHourAsync(shard => TableKeys.ActivityHoursBefore(shard, before), row => true, cancellationToken);

    // A shard's first row is of its oldest hour. Somebody may wait for this one, too.
    private async Task<DateTimeOffset?> FindOldestHourAsync<T>(
        Func<int, KeyRange> hoursOf, Func<StoredRow, T> read, CancellationToken cancellationToken)
    {
        var hours = await Task.WhenAll(Enumerable.Range(0, _shards).Select(async shard =>
        {
            var range = hoursOf(shard);
            var filter = TableClient.CreateQueryFilter($"PartitionKey ge {range.From} and PartitionKey lt {range.To}");
            var rows = _table.QueryAsync<TableEntity>(
                filter, maxPerPage: 1, [nameof(TableEntity.PartitionKey), nameof(TableEntity.RowKey)], cancellationToken);
            return await _reader.ReadAllAsync(StorageCall.ReadAllAsync(rows, cancellationToken), row => TimelineRow<T>.Read(row, read))
                .Select(row => (DateTimeOffset?)row.Hour)
                .FirstOrDefaultAsync(cancellationToken);
        }));
        return hours.Min();
    }

    private IAsyncEnumerable<T> ReadAsync<T>(KeyRange hours, KeyRange rows, Func<StoredRow, T> read, CancellationToken cancellationToken)
        where T : notnull
    {
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey ge {hours.From} and PartitionKey lt {hours.To} and RowKey ge {rows.From} and RowKey lt {rows.To}");
        var found = _table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken);
        return _reader.ReadAllAsync(StorageCall.ReadAllAsync(found, cancellationToken), read);
    }

    private static SessionDue ReadDue(StoredRow row)
    {
        StoredRow.Demand(TableKeys.TryReadExpiryRow(row.RowKey, out var user, out var id));
        return new(user, id, default);
    }

    private static ChangeDue ReadChange(StoredRow row)
    {
        StoredRow.Demand(TableKeys.TryReadChangeRow(row.RowKey, out var due) && row.PartitionKey == TableKeys.Change(due));
        return due;
    }

    private static Revocation ReadRevocation(StoredRow row)
    {
        StoredRow.Demand(TableKeys.TryReadRevocationRow(row.RowKey, out var revocation));
        return revocation;
    }

    // All of these rows are the same however often they are written.
    private Task<StorageAnswer<Response>> UpsertAsync(TableEntity row, CancellationToken cancellationToken) =>
        StorageCall.SendAsync(_table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken), cancellationToken);
}
