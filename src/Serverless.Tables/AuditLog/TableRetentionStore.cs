using System.Runtime.CompilerServices;

namespace Serverless.Tables.AuditLog;

internal sealed class TableRetentionStore(TableSet tables, IOptions<StorageOptions> options, UnreadableRows unreadable) : IRetentionStore
{
    private const int MaximumPage = 1000;

    private static readonly string[] Keys = [nameof(TableEntity.PartitionKey), nameof(TableEntity.RowKey)];

    private readonly int _shards = options.Value.TimelineShards;
    private readonly RowReader _timeline = new(unreadable, tables.Timeline.Name);
    private readonly RowReader _sessions = new(unreadable, tables.Sessions.Name);

    public async Task ScheduleAsync(IReadOnlyCollection<LogDue> due, CancellationToken cancellationToken)
    {
        var partitions = due.GroupBy(each => TimelineKeys.RetentionPartition(each.Owner, each.At, _shards), each => each.Owner.Key);
        foreach (var (partition, owners) in partitions.SelectMany(partition => partition.Distinct().Chunk(TimelineBatches.Maximum).Select(owners => (partition.Key, owners))))
        {
            await tables.Timeline.SubmitAsync(
                owners.Select(owner => new TableTransactionAction(TableTransactionActionType.UpsertReplace, new TableEntity(partition, owner))),
                cancellationToken);
        }
    }

    public Task ScheduleAsync(ConversationCopy copy, DateTimeOffset at, CancellationToken cancellationToken) => StorageCall.SendAsync(
        tables.Timeline.UpsertEntityAsync(
            new TableEntity(TimelineKeys.RetentionPartition(LogOwner.Of(copy.Owner), at, _shards), TimelineKeys.Retention(copy)),
            TableUpdateMode.Replace,
            cancellationToken),
        cancellationToken);

    public IAsyncEnumerable<ExpiredBatch> ReadDueLogsAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        ReadAsync(shard => TimelineKeys.RetentionsBefore(shard, now), Keys, row => DueOwner.Of(row.RowKey), cancellationToken);

    public IAsyncEnumerable<ExpiredBatch> ReadActivityAsync(DateTimeOffset before, CancellationToken cancellationToken) => ReadAsync(
        shard => TimelineKeys.ActivitiesBefore(shard, before),
        [.. Keys, nameof(Activity.UserId), nameof(Activity.AccountKey)],
        row => (row.TextOrNull(nameof(Activity.UserId)) ?? row.TextOrNull(nameof(Activity.AccountKey))) is { } owner ? DueOwner.Of(owner) : default,
        cancellationToken);

    public IAsyncEnumerable<ExpiredBatch> ReadRevocationsAsync(DateTimeOffset before, CancellationToken cancellationToken) =>
        ReadAsync(shard => TimelineKeys.RevocationsBefore(shard, before), Keys, ReadRevocation, cancellationToken);

    public Task RemoveAsync(ExpiredBatch batch, CancellationToken cancellationToken) =>
        TimelineBatches.RemoveAsync(tables.Timeline, batch.Partition, batch.Rows, cancellationToken);

    public async Task<OldLog> ReadOldLogAsync(LogOwner owner, DateTimeOffset before, CancellationToken cancellationToken)
    {
        var read = await tables.Sessions.ReadRowsAsync(owner.Key, LogKeys.EntriesBefore(before), cancellationToken).ToListAsync(cancellationToken);
        return new(
            [.. read.Where(row => LogKeys.IsEntry(row.RowKey)).Select(row => new OldEntry(row.RowKey, LogKeys.ReadEntryTime(row.RowKey), LogRow.Read(row)))],
            [.. read.Where(row => LogKeys.IsCheckpoint(row.RowKey)).Select(CheckpointRow.Read)]);
    }

    public async Task<RemainingLog> ReadRemainingAsync(LogOwner owner, DateTimeOffset from, CancellationToken cancellationToken)
    {
        // The newest come first.
        var entries = await ReadFirstAsync(owner.Key, LogKeys.EntriesFrom(from), Keys, MaximumPage, row => LogKeys.ReadEntryTime(row.RowKey), cancellationToken)
            .ToListAsync(cancellationToken);
        // A malformed key has no time.
        if (entries.FindLast(at => at > DateTimeOffset.MinValue) is var oldest && oldest != default)
            return new(oldest, HasSessions: false, entries.Count < MaximumPage);
        // Messages and notices sort between the log and the sessions, so one range would read them, too.
        var hasSessions = owner.User is not null
            && await ReadFirstAsync(owner.Key, SessionKeys.PresenceAndSessions, Keys, 1, row => row.RowKey, cancellationToken).AnyAsync(cancellationToken);
        return new(null, hasSessions, IsComplete: true);
    }

    public async Task<IReadOnlyList<OldMail>> ReadOldestNoticesAsync(UserId user, int limit, CancellationToken cancellationToken) =>
        await ReadFirstAsync(user.ToString(), MailboxKeys.Notices(user), [.. Keys, nameof(Notice.At)], limit, NoticeRow.ReadOld, cancellationToken)
            .ToListAsync(cancellationToken);

    public async Task<IReadOnlyList<OldMail>> ReadOldestMessagesAsync(ConversationCopy copy, int limit, CancellationToken cancellationToken) =>
        await ReadFirstAsync(
                copy.Owner.ToString(), MailboxKeys.Messages(copy.Owner, copy.Other), [.. Keys, nameof(Message.SentAt), MessageRow.Key], limit, MessageRow.ReadOld, cancellationToken)
            .ToListAsync(cancellationToken);

    public async Task<bool> TryRemoveAsync(
        UserId owner, IReadOnlyList<OldMail> mail, Conversation? emptied, CancellationToken cancellationToken)
    {
        // Two messages with one key were written by hand.
        var rows = mail.Select(each => each.Row).Concat(mail.Select(each => each.Key).OfType<string>()).Distinct();
        var actions = rows
            .Select(row => new TableTransactionAction(TableTransactionActionType.Delete, new TableEntity(owner.ToString(), row), ETag.All))
            .ToList();
        if (emptied is { Version: { } version })
            actions.Add(new(TableTransactionActionType.UpdateReplace, ConversationRow.Write(emptied), new ETag(version.Value)));
        var answer = await tables.Sessions.SubmitAsync(actions, cancellationToken);
        return answer.Done;
    }

    public async Task<bool> TryTrimAsync(LogOwner owner, LogTrim cut, CancellationToken cancellationToken)
    {
        // A checkpoint is written only together with the removal of its last entry, so a later run can't set it back.
        TableTransactionAction[] actions =
        [
            .. cut.Rows.Concat(cut.Unmarked.Select(LogKeys.Checkpoint))
                .Select(row => new TableTransactionAction(TableTransactionActionType.Delete, new TableEntity(owner.Key, row), ETag.All)),
            .. cut.Marks.Select(mark => new TableTransactionAction(TableTransactionActionType.UpsertReplace, CheckpointRow.Write(owner, mark))),
        ];
        var answer = await tables.Sessions.SubmitAsync(actions, cancellationToken);
        return answer.Done;
    }

    public async Task<int> RemoveStatisticsAsync(DateOnly before, CancellationToken cancellationToken)
    {
        var removed = 0;
        await foreach (var row in tables.Statistics.ReadPartitionsAsync(StatisticsRow.DaysBefore(before), cancellationToken, select: Keys))
        {
            await StorageCall.SendAsync(
                tables.Statistics.DeleteEntityAsync(row.PartitionKey, row.RowKey, ETag.All, cancellationToken), cancellationToken);
            removed++;
        }

        return removed;
    }

    private IAsyncEnumerable<T> ReadFirstAsync<T>(
        string partition, KeyRange rows, string[] select, int limit, Func<StoredRow, T> read, CancellationToken cancellationToken)
        where T : notnull =>
        _sessions.ReadAllAsync(tables.Sessions.ReadRowsAsync(partition, rows, cancellationToken, limit, select), read).Take(limit);

    private async IAsyncEnumerable<ExpiredBatch> ReadAsync(
        Func<int, KeyRange> hoursOf,
        string[] select,
        Func<StoredRow, DueOwner> read,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var shard = 0; shard < _shards; shard++)
        {
            var found = tables.Timeline.ReadPartitionsAsync(hoursOf(shard), cancellationToken, select: select);
            var rows = _timeline.ReadAllAsync(found, row => TimelineRow<DueOwner>.Read(row, read));
            await foreach (var batch in TimelineBatches.BatchAsync(rows).WithCancellation(cancellationToken))
            {
                yield return new(
                    batch[0].Partition,
                    batch[0].Hour,
                    [.. batch.Select(row => row.Row)],
                    [.. batch.Select(row => row.Value.Owner).OfType<LogOwner>().Distinct()])
                {
                    Copies = [.. batch.Select(row => row.Value.Copy).OfType<ConversationCopy>().Distinct()],
                };
            }
        }
    }

    private static DueOwner ReadRevocation(StoredRow row)
    {
        StoredRow.Require(TimelineKeys.TryReadRevocation(row.RowKey, out _));
        return default;
    }

    private readonly record struct DueOwner(LogOwner? Owner, ConversationCopy? Copy)
    {
        public static DueOwner Of(string name)
        {
            if (LogOwner.TryParse(name, out var owner))
                return new(owner, null);
            StoredRow.Require(TimelineKeys.TryReadRetention(name, out var copy));
            return new(null, copy);
        }
    }
}
