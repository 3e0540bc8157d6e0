namespace Serverless.Tables.Timeline;

/// <summary>Writing a row of the timeline again changes nothing.</summary>
internal sealed class TableTimeline(TableSet tables) : ITimeline
{
    private const string UpTo = "UpTo", At = "At";

    // Storage ends a page after 5 seconds of looking for what matches, or at the end of a server's range.
    private const int MostShortPages = 4;

    private readonly StoredTable _table = tables.Timeline;
    private readonly int _shards = tables.Shards;

    public Task ScheduleExpiryAsync(SessionDue due, CancellationToken cancellationToken) => _table.UpsertAsync(
        new(TimelineKeys.ExpiryPartition(due.SessionId, due.At, _shards), TimelineKeys.Expiry(due)), cancellationToken);

    public Task RevokeAsync(SessionId session, DateTimeOffset before, CancellationToken cancellationToken) => _table.UpsertAsync(
        new(TimelineKeys.RevocationPartition(session, before, _shards), TimelineKeys.Revocation(session, before)), cancellationToken);

    // A request waits for it, so the shards are read in parallel.
    public async Task<IReadOnlyList<Revocation>> ReadRevocationsAsync(
        DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var shards = await Task.WhenAll(Enumerable.Range(0, _shards).Select(async shard =>
            await ReadAsync(TimelineKeys.RevocationKind, shard, from, to, TimelineKeys.ReadRevocation, cancellationToken)
                .ToListAsync(cancellationToken)));
        return [.. shards.SelectMany(shard => shard)];
    }

    public Task RecordAsync(Activity activity, CancellationToken cancellationToken) =>
        _table.UpsertAsync(ActivityRow.Write(activity, TimelineKeys.ActivityPartition(activity, _shards)), cancellationToken);

    // A transaction is of one partition. Readers read all shards of an hour, so any shard will do.
    public Task RecordTogetherAsync(IReadOnlyList<Activity> activities, CancellationToken cancellationToken)
    {
        var partition = TimelineKeys.ActivityPartition(activities[0], _shards);
        var rows = activities.DistinctBy(TimelineKeys.Activity).Select(activity => ActivityRow.Write(activity, partition));
        return _table.SubmitAsync(rows.Select(RowChange.Upsert), cancellationToken);
    }

    public IAsyncEnumerable<DueBatch> ReadDueAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        _table.ReadBeforeAsync(TimelineKeys.ExpiryKind, _shards, now, TimelineKeys.ReadExpiry, cancellationToken)
            .Select(batch => new DueBatch(batch[0].Partition, [.. batch.Select(row => row.Value)]));

    public async Task<DateTimeOffset?> FindOldestDueAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        (await FindOldestHourAsync(TimelineKeys.ExpiryKind, now, TimelineKeys.ReadExpiry, cancellationToken))?.AddHours(1);

    public Task RemoveAsync(DueBatch batch, CancellationToken cancellationToken) => _table.RemoveAsync(
        batch.Partition, [.. batch.Sessions.Select(TimelineKeys.Expiry)], cancellationToken);

    // Merged, since another change of the account may be due at the same time.
    public Task ScheduleChangeAsync(ChangeDue due, CancellationToken cancellationToken) =>
        _table.UpsertAsync(AccountKeys.WriteChange(due), cancellationToken, TableUpdateMode.Merge);

    public IAsyncEnumerable<IReadOnlyList<ChangeDue>> ReadDueChangesAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var filter = Filter(AccountKeys.ChangePartitions(now), TimelineKeys.RowsUpTo(now));
        var rows = _table.ReadAsync(filter, row => TimelineRow<ChangeDue>.Read(row, AccountKeys.ReadChange), cancellationToken);
        return TimelineBatches.BatchAsync(rows).Select(batch => batch.Select(row => row.Value).ToList());
    }

    public Task RemoveAsync(IReadOnlyList<ChangeDue> done, CancellationToken cancellationToken) => done.Count == 0
        ? Task.CompletedTask
        : _table.RemoveAsync(AccountKeys.ChangePartition(done[0]), [.. done.Select(AccountKeys.Change)], cancellationToken);

    public IAsyncEnumerable<Activity> ReadActivityAsync(
        DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
        Enumerable.Range(0, _shards).ToAsyncEnumerable().SelectMany(shard =>
            ReadAsync(TimelineKeys.ActivityKind, shard, from, to, ActivityRow.Read, cancellationToken));

    // A request waits for it, so the shards are read in parallel.
    public async Task<IReadOnlyList<Activity>?> FindActivityAsync(
        DateTimeOffset from, DateTimeOffset to, ActivityFilter filter, int? most, CancellationToken cancellationToken)
    {
        var shards = await Task.WhenAll(Enumerable.Range(0, _shards).Select(async shard =>
        {
            var rows = Filter(TimelineKeys.Of(TimelineKeys.ActivityKind, shard, from, to), TimelineKeys.RowsOf(from, to))
                + ActivityRow.Where(filter);
            return most is { } some
                ? await _table.TryReadAllAsync(
                    rows, some, (some / StoredTable.MostInPage) + MostShortPages, ActivityRow.Read, cancellationToken)
                : await _table.ReadAsync(rows, ActivityRow.Read, cancellationToken).ToListAsync(cancellationToken);
        }));
        return shards.Contains(null) ? null : [.. shards.SelectMany(shard => shard!)];
    }

    public Task<DateTimeOffset?> FindOldestActivityAsync(DateTimeOffset before, CancellationToken cancellationToken) =>
        FindOldestHourAsync(TimelineKeys.ActivityKind, before, row => true, cancellationToken);

    // A timer without a readable cursor starts over.
    public async Task<DateTimeOffset?> ReadCursorAsync(string timer, CancellationToken cancellationToken) =>
        await tables.Security.FindAsync(SecurityKeys.CursorPartition, timer, cancellationToken) is { } row
        && tables.Security.TryRead(row, stored => stored.Value<DateTimeOffset>(UpTo), out var upTo)
            ? upTo : null;

    public Task SaveCursorAsync(string timer, DateTimeOffset upTo, CancellationToken cancellationToken) =>
        tables.Security.UpsertAsync(new(SecurityKeys.CursorPartition, timer) { [UpTo] = upTo }, cancellationToken);

    public async Task<IReadOnlyDictionary<string, DateTimeOffset>> ReadLastRunsAsync(CancellationToken cancellationToken) =>
        await tables.Security.ReadAsync(
            TableClient.CreateQueryFilter($"PartitionKey eq {SecurityKeys.LastRunPartition}"),
            row => KeyValuePair.Create(row.RowKey, row.Value<DateTimeOffset>(At)), cancellationToken)
            .ToDictionaryAsync(cancellationToken: cancellationToken);

    public Task SaveLastRunAsync(string timer, DateTimeOffset at, CancellationToken cancellationToken) =>
        tables.Security.UpsertAsync(new(SecurityKeys.LastRunPartition, timer) { [At] = at }, cancellationToken);

    // The first row of a shard is of its oldest hour. A request may wait for it, so the shards are read in parallel.
    private async Task<DateTimeOffset?> FindOldestHourAsync<T>(
        char kind, DateTimeOffset before, Func<StoredRow, T> read, CancellationToken cancellationToken)
    {
        var hours = await Task.WhenAll(Enumerable.Range(0, _shards).Select(async shard =>
        {
            var filter = TimelineKeys.Before(kind, shard, before).FilterPartitions();
            return await _table
                .ReadAsync(filter, row => TimelineRow<T>.Read(row, read), cancellationToken, pageSize: 1, StoredTable.KeyColumns)
                .Select(row => (DateTimeOffset?)row.Hour).FirstOrDefaultAsync(cancellationToken);
        }));
        return hours.Min();
    }

    private IAsyncEnumerable<T> ReadAsync<T>(
        char kind, int shard, DateTimeOffset from, DateTimeOffset to, Func<StoredRow, T> read,
        CancellationToken cancellationToken)
        where T : notnull =>
        _table.ReadAsync(Filter(TimelineKeys.Of(kind, shard, from, to), TimelineKeys.RowsOf(from, to)), read, cancellationToken);

    private static string Filter(KeyRange hours, KeyRange rows) => TableClient.CreateQueryFilter(
        $"PartitionKey ge {hours.From} and PartitionKey lt {hours.To} and RowKey ge {rows.From} and RowKey lt {rows.To}");
}
