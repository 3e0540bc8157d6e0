using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using Microsoft.Extensions.Options;
using Serverless.Sessions.Accounts;
using Serverless.Sessions.AuditLog;
using Serverless.Sessions.Mailbox;
using Serverless.Sessions.Storage;
using Serverless.Sessions.Timeline;
using Serverless.Tables.Mailbox;
using Serverless.Tables.Sessions;
using Serverless.Tables.Storage;
using Serverless.Tables.Timeline;

namespace Serverless.Tables.Retention;

/// <summary>What has been kept for long enough: hours of the timeline, ends of logs, days of statistics.</summary>
internal sealed class TableRetentionStore(TableSet tables, IOptions<StorageOptions> options, UnreadableRows unreadable) : IRetentionStore
{
    /// <summary>The most rows of a page.</summary>
    private const int MaximumPage = 1000;

    private static readonly string[] Keys = [nameof(TableEntity.PartitionKey), nameof(TableEntity.RowKey)];

    private readonly int _shards = options.Value.TimelineShards;
    private readonly RowReader _timeline = new(unreadable, tables.Timeline.Name);
    private readonly RowReader _sessions = new(unreadable, tables.Sessions.Name);

    public async Task FileAsync(IReadOnlyCollection<LogDue> due, CancellationToken cancellationToken)
    {
        var partitions = due.GroupBy(each => TableKeys.Retention(each.Owner, each.At, _shards), each => each.Owner.Key);
        foreach (var (partition, owners) in partitions.SelectMany(partition => partition.Distinct().Chunk(TimelineBatches.Maximum).Select(owners => (partition.Key, owners))))
        {
            await StorageCall.SendAsync(
                tables.Timeline.SubmitTransactionAsync(
                    owners.Select(owner => new TableTransactionAction(TableTransactionActionType.UpsertReplace, new TableEntity(partition, owner))),
                    cancellationToken),
                cancellationToken);
        }
    }

    public Task FileAsync(ConversationCopy copy, DateTimeOffset at, CancellationToken cancellationToken) => StorageCall.SendAsync(
        tables.Timeline.UpsertEntityAsync(
            new TableEntity(TableKeys.Retention(LogOwner.Of(copy.Owner), at, _shards), TableKeys.RetentionRow(copy)),
            TableUpdateMode.Replace,
            cancellationToken),
        cancellationToken);

    public IAsyncEnumerable<PastBatch> ReadDueLogsAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        ReadAsync(shard => TableKeys.RetentionHours(shard, now), Keys, row => Filed.Of(row.RowKey), cancellationToken);

    public IAsyncEnumerable<PastBatch> ReadActivityAsync(DateTimeOffset before, CancellationToken cancellationToken) => ReadAsync(
        shard => TableKeys.ActivityHoursBefore(shard, before),
        [.. Keys, nameof(Activity.UserId), nameof(Activity.AccountKey)],
        row => (row.TextOrNull(nameof(Activity.UserId)) ?? row.TextOrNull(nameof(Activity.AccountKey))) is { } owner ? Filed.Of(owner) : default,
        cancellationToken);

    public IAsyncEnumerable<PastBatch> ReadRevocationsAsync(DateTimeOffset before, CancellationToken cancellationToken) =>
        ReadAsync(shard => TableKeys.RevocationHoursBefore(shard, before), Keys, ReadRevocation, cancellationToken);

    public Task RemoveAsync(PastBatch batch, CancellationToken cancellationToken) =>
        TimelineBatches.RemoveAsync(tables.Timeline, batch.Partition, batch.Rows, cancellationToken);

    public async Task<OldLog> ReadOldLogAsync(LogOwner owner, DateTimeOffset before, CancellationToken cancellationToken)
    {
        var rows = TableKeys.OldLog(before);
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {owner.Key} and RowKey ge {rows.From} and RowKey lt {rows.To}");
        var found = tables.Sessions.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken);
        var read = await StorageCall.ReadAllAsync(found, cancellationToken).ToListAsync(cancellationToken);
        return new(
            [.. read.Where(row => TableKeys.IsLog(row.RowKey)).Select(row => new OldEntry(row.RowKey, TableKeys.ReadLogTime(row.RowKey), LogRow.Read(row)))],
            [.. read.Where(row => TableKeys.IsCut(row.RowKey)).Select(CheckpointRow.Read)]);
    }

    public async Task<LogRest> ReadRestAsync(LogOwner owner, DateTimeOffset from, CancellationToken cancellationToken)
    {
        // The newest come first, so the last that is read is the oldest.
        var entries = await ReadFirstAsync(owner.Key, TableKeys.YoungLog(from), Keys, MaximumPage, row => TableKeys.ReadLogTime(row.RowKey), cancellationToken)
            .ToListAsync(cancellationToken);
        // What stands in no place that an entry has says nothing of the time.
        if (entries.FindLast(at => at > DateTimeOffset.MinValue) is var oldest && oldest != default)
            return new(oldest, HasSessions: false, entries.Count < MaximumPage);
        // Messages and notices stand between the log and the sessions, and would be read along.
        var hasSessions = owner.User is not null
            && await ReadFirstAsync(owner.Key, TableKeys.PresenceAndSessions, Keys, 1, row => row.RowKey, cancellationToken).AnyAsync(cancellationToken);
        return new(null, hasSessions, IsComplete: true);
    }

    public async Task<IReadOnlyList<OldMail>> ReadOldestNoticesAsync(UserId user, int limit, CancellationToken cancellationToken) =>
        await ReadFirstAsync(user.ToString(), TableKeys.Notices(user), [.. Keys, nameof(Notice.At)], limit, NoticeRow.ReadOld, cancellationToken)
            .ToListAsync(cancellationToken);

    public async Task<IReadOnlyList<OldMail>> ReadOldestMessagesAsync(ConversationCopy copy, int limit, CancellationToken cancellationToken) =>
        await ReadFirstAsync(
                copy.Owner.ToString(), TableKeys.Messages(copy.Owner, copy.Other), [.. Keys, nameof(Message.SentAt), MessageRow.Key], limit, MessageRow.ReadOld, cancellationToken)
            .ToListAsync(cancellationToken);

    public async Task<bool> TryRemoveAsync(
        UserId owner, IReadOnlyList<OldMail> mail, Conversation? emptied, CancellationToken cancellationToken)
    {
        // Two messages with one key are somebody's work by hand.
        var rows = mail.Select(each => each.Row).Concat(mail.Select(each => each.Key).OfType<string>()).Distinct();
        var actions = rows
            .Select(row => new TableTransactionAction(TableTransactionActionType.Delete, new TableEntity(owner.ToString(), row), ETag.All))
            .ToList();
        if (emptied is { Version: { } version })
            actions.Add(new(TableTransactionActionType.UpdateReplace, ConversationRow.Write(emptied), new ETag(version.Value)));
        var answer = await StorageCall.SendAsync(
            tables.Sessions.SubmitTransactionAsync(actions, cancellationToken), cancellationToken);
        return answer.Done;
    }

    public async Task<bool> TryCutAsync(LogOwner owner, LogCut cut, CancellationToken cancellationToken)
    {
        // A mark is only set where the entry that it names goes with it: of two runs the later one can't set it back.
        TableTransactionAction[] actions =
        [
            .. cut.Rows.Concat(cut.Unmarked.Select(TableKeys.Cut))
                .Select(row => new TableTransactionAction(TableTransactionActionType.Delete, new TableEntity(owner.Key, row), ETag.All)),
            .. cut.Marks.Select(mark => new TableTransactionAction(TableTransactionActionType.UpsertReplace, CheckpointRow.Write(owner, mark))),
        ];
        var answer = await StorageCall.SendAsync(
            tables.Sessions.SubmitTransactionAsync(actions, cancellationToken), cancellationToken);
        return answer.Done;
    }

    public async Task<int> RemoveStatisticsAsync(DateOnly before, CancellationToken cancellationToken)
    {
        var days = TableKeys.StatisticsBefore(before);
        var filter = TableClient.CreateQueryFilter($"PartitionKey ge {days.From} and PartitionKey lt {days.To}");
        var rows = tables.Statistics.QueryAsync<TableEntity>(filter, select: Keys, cancellationToken: cancellationToken);
        var removed = 0;
        await foreach (var row in StorageCall.ReadAllAsync(rows, cancellationToken))
        {
            await StorageCall.SendAsync(
                tables.Statistics.DeleteEntityAsync(row.PartitionKey, row.RowKey, ETag.All, cancellationToken), cancellationToken);
            removed++;
        }

        return removed;
    }

    private IAsyncEnumerable<T> ReadFirstAsync<T>(
        string partition, KeyRange rows, string[] select, int limit, Func<StoredRow, T> read, CancellationToken cancellationToken)
        where T : notnull
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {rows.From} and RowKey lt {rows.To}");
        var found = tables.Sessions.QueryAsync<TableEntity>(filter, limit, select, cancellationToken);
        return _sessions.ReadAllAsync(StorageCall.ReadAllAsync(found, cancellationToken), read).Take(limit);
    }

    private async IAsyncEnumerable<PastBatch> ReadAsync(
        Func<int, KeyRange> hoursOf,
        string[] select,
        Func<StoredRow, Filed> read,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var shard = 0; shard < _shards; shard++)
        {
            var hours = hoursOf(shard);
            var filter = TableClient.CreateQueryFilter($"PartitionKey ge {hours.From} and PartitionKey lt {hours.To}");
            var found = tables.Timeline.QueryAsync<TableEntity>(filter, select: select, cancellationToken: cancellationToken);
            var rows = _timeline.ReadAllAsync(StorageCall.ReadAllAsync(found, cancellationToken), row => TimelineRow<Filed>.Read(row, read));
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

    private static Filed ReadRevocation(StoredRow row)
    {
        StoredRow.Demand(TableKeys.TryReadRevocationRow(row.RowKey, out _));
        return default;
    }

    /// <summary>Who or what a row of the timeline names.</summary>
    private readonly record struct Filed(LogOwner? Owner, ConversationCopy? Copy)
    {
        public static Filed Of(string name)
        {
            if (LogOwner.TryParse(name, out var owner))
                return new(owner, null);
            StoredRow.Demand(TableKeys.TryReadRetentionRow(name, out var copy));
            return new(null, copy);
        }
    }
}
