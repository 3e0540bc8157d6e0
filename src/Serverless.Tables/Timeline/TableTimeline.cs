using System.Runtime.CompilerServices;

namespace Serverless.Tables.Timeline;

internal sealed class TableTimeline(TableSet tables, IOptions<StorageOptions> options, UnreadableRows unreadable) : ITimeline
{
    private readonly TableClient _table = tables.Timeline;
    private readonly RowReader _reader = new(unreadable, tables.Timeline.Name);
    private readonly int _shards = options.Value.TimelineShards;

    public Task ScheduleExpiryAsync(SessionDue due, CancellationToken cancellationToken) => UpsertAsync(
        new(TimelineKeys.ExpiryPartition(due.SessionId, due.At, _shards), TimelineKeys.Expiry(due.UserId, due.SessionId)), cancellationToken);

    public Task RevokeAsync(SessionId session, DateTimeOffset before, CancellationToken cancellationToken) => UpsertAsync(
        new(TimelineKeys.RevocationPartition(session, before, _shards), TimelineKeys.Revocation(session, before)), cancellationToken);

    // A request waits for it, so the shards are read in parallel.
    public async Task<IReadOnlyList<Revocation>> ReadRevocationsAsync(
        DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var shards = await Task.WhenAll(Enumerable.Range(0, _shards).Select(async shard =>
            await ReadAsync(TimelineKeys.RevocationsOf(shard, from, to), TimelineKeys.RowsOf(from, to), ReadRevocation, cancellationToken)
                .ToListAsync(cancellationToken)));
        return [.. shards.SelectMany(shard => shard)];
    }

    public Task RecordAsync(Activity activity, CancellationToken cancellationToken) =>
        UpsertAsync(ActivityRow.Write(activity, TimelineKeys.ActivityPartition(activity, _shards)), cancellationToken);

    // A transaction is of one partition. Readers read all shards of an hour, so any shard will do.
    public Task RecordTogetherAsync(IReadOnlyList<Activity> activities, CancellationToken cancellationToken)
    {
        var partition = TimelineKeys.ActivityPartition(activities[0], _shards);
        return _table.SubmitAsync(
            activities.DistinctBy(TimelineKeys.Activity).Select(activity => new TableTransactionAction(
                TableTransactionActionType.UpsertReplace, ActivityRow.Write(activity, partition))),
            cancellationToken);
    }

    public async IAsyncEnumerable<DueBatch> ReadDueAsync(
        DateTimeOffset now, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var shard = 0; shard < _shards; shard++)
        {
            var found = _table.ReadPartitionsAsync(TimelineKeys.ExpiriesBefore(shard, now), cancellationToken);
            var rows = _reader.ReadAllAsync(found, row => TimelineRow<SessionDue>.Read(row, ReadDue));
            await foreach (var batch in TimelineBatches.BatchAsync(rows).WithCancellation(cancellationToken))
                yield return new(batch[0].Partition, [.. batch.Select(row => row.Value)]);
        }
    }

    public async Task<DateTimeOffset?> FindOldestDueAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        await FindOldestHourAsync(shard => TimelineKeys.ExpiriesBefore(shard, now), ReadDue, cancellationToken) is { } hour
            ? hour.AddHours(1)
            : null;

    public Task RemoveAsync(DueBatch batch, CancellationToken cancellationToken) => TimelineBatches.RemoveAsync(
        _table, batch.Partition, [.. batch.Sessions.Select(due => TimelineKeys.Expiry(due.UserId, due.SessionId))], cancellationToken);

    public Task ScheduleChangeAsync(ChangeDue due, CancellationToken cancellationToken) =>
        UpsertAsync(new(AccountKeys.ChangePartition(due), AccountKeys.Change(due)), cancellationToken);

    public async IAsyncEnumerable<IReadOnlyList<ChangeDue>> ReadDueChangesAsync(
        DateTimeOffset now, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var rows = ReadAsync(
            AccountKeys.ChangePartitions(now), TimelineKeys.RowsUpTo(now), row => TimelineRow<ChangeDue>.Read(row, ReadChange), cancellationToken);
        await foreach (var batch in TimelineBatches.BatchAsync(rows).WithCancellation(cancellationToken))
            yield return [.. batch.Select(row => row.Value)];
    }

    public Task RemoveAsync(IReadOnlyList<ChangeDue> done, CancellationToken cancellationToken) => done.Count == 0
        ? Task.CompletedTask
        : TimelineBatches.RemoveAsync(_table, AccountKeys.ChangePartition(done[0]), [.. done.Select(AccountKeys.Change)], cancellationToken);

    public async IAsyncEnumerable<Activity> ReadActivityAsync(
        DateTimeOffset from, DateTimeOffset to, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var shard = 0; shard < _shards; shard++)
        {
            var hours = TimelineKeys.ActivitiesOf(shard, from, to);
            await foreach (var activity in ReadAsync(hours, TimelineKeys.RowsOf(from, to), ActivityRow.Read, cancellationToken))
                yield return activity;
        }
    }

    public Task<DateTimeOffset?> FindOldestActivityAsync(DateTimeOffset before, CancellationToken cancellationToken) =>
        FindOldestHourAsync(shard => TimelineKeys.ActivitiesBefore(shard, before), row => true, cancellationToken);

    // The first row of a shard is of its oldest hour. A request may wait for it, so the shards are read in parallel.
    private async Task<DateTimeOffset?> FindOldestHourAsync<T>(
        Func<int, KeyRange> hoursOf, Func<StoredRow, T> read, CancellationToken cancellationToken)
    {
        var hours = await Task.WhenAll(Enumerable.Range(0, _shards).Select(async shard =>
        {
            var rows = _table.ReadPartitionsAsync(
                hoursOf(shard), cancellationToken, pageSize: 1, [nameof(TableEntity.PartitionKey), nameof(TableEntity.RowKey)]);
            return await _reader.ReadAllAsync(rows, row => TimelineRow<T>.Read(row, read))
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
        return _reader.ReadAllAsync(_table.ReadAsync(filter, cancellationToken), read);
    }

    private static SessionDue ReadDue(StoredRow row)
    {
        StoredRow.Require(TimelineKeys.TryReadExpiry(row.RowKey, out var user, out var id));
        return new(user, id, default);
    }

    private static ChangeDue ReadChange(StoredRow row)
    {
        StoredRow.Require(AccountKeys.TryReadChange(row.RowKey, out var due) && row.PartitionKey == AccountKeys.ChangePartition(due));
        return due;
    }

    private static Revocation ReadRevocation(StoredRow row)
    {
        StoredRow.Require(TimelineKeys.TryReadRevocation(row.RowKey, out var revocation));
        return revocation;
    }

    // Writing these rows again changes nothing.
    private Task<StorageAnswer<Response>> UpsertAsync(TableEntity row, CancellationToken cancellationToken) =>
        StorageCall.SendAsync(_table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken), cancellationToken);
}
