using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using Microsoft.Extensions.Options;
using Serverless.Sessions.Accounts;
using Serverless.Sessions.Mailbox;
using Serverless.Sessions.Record;
using Serverless.Sessions.Retention;
using Serverless.Tables.Mailbox;
using Serverless.Tables.Sessions;
using Serverless.Tables.Storage;
using Serverless.Tables.Timeline;

namespace Serverless.Tables.Retention;

/// <summary>What has been kept for long enough: hours of the timeline, ends of logs, days of statistics.</summary>
internal sealed class TableRetentionStore(TableSet tables, IOptions<StorageOptions> options) : IRetentionStore
{
    /// <summary>The most rows of a page.</summary>
    private const int MaximumPage = 1000;

    private static readonly string[] Keys = [nameof(TableEntity.PartitionKey), nameof(TableEntity.RowKey)];

    private readonly int _shards = options.Value.TimelineShards;

    public async Task FileAsync(IReadOnlyCollection<LogDue> due, CancellationToken cancellationToken)
    {
        var partitions = due.GroupBy(each => TableKeys.Retention(each.Owner, each.At, _shards), each => each.Owner.Key);
        foreach (var (partition, owners) in partitions.SelectMany(partition => partition.Distinct().Chunk(TimelineBatches.Maximum).Select(owners => (partition.Key, owners))))
        {
            await StorageCall.AskAsync(
                tables.Timeline.SubmitTransactionAsync(
                    owners.Select(owner => new TableTransactionAction(TableTransactionActionType.UpsertReplace, new TableEntity(partition, owner))),
                    cancellationToken),
                cancellationToken).ConfigureAwait(false);
        }
    }

    public Task FileAsync(ConversationCopy copy, DateTimeOffset at, CancellationToken cancellationToken) => StorageCall.AskAsync(
        tables.Timeline.UpsertEntityAsync(
            new TableEntity(TableKeys.Retention(LogOwner.Of(copy.Owner), at, _shards), TableKeys.RetentionRow(copy)),
            TableUpdateMode.Replace,
            cancellationToken),
        cancellationToken);

    public IAsyncEnumerable<PastBatch> ReadDueLogsAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        ReadAsync(shard => TableKeys.RetentionHours(shard, now), Keys, row => row.RowKey, cancellationToken);

    public IAsyncEnumerable<PastBatch> ReadActivityAsync(DateTimeOffset before, CancellationToken cancellationToken) => ReadAsync(
        shard => TableKeys.ActivityHoursBefore(shard, before),
        [.. Keys, nameof(Activity.UserId), nameof(Activity.AccountKey)],
        row => row[nameof(Activity.UserId)] as string ?? row[nameof(Activity.AccountKey)] as string,
        cancellationToken);

    public IAsyncEnumerable<PastBatch> ReadRevocationsAsync(DateTimeOffset before, CancellationToken cancellationToken) =>
        ReadAsync(shard => TableKeys.RevocationHoursBefore(shard, before), Keys, _ => null, cancellationToken);

    public Task RemoveAsync(PastBatch batch, CancellationToken cancellationToken) =>
        TimelineBatches.RemoveAsync(tables.Timeline, batch.Partition, batch.Rows, cancellationToken);

    public async Task<OldLog> ReadOldLogAsync(LogOwner owner, DateTimeOffset before, CancellationToken cancellationToken)
    {
        var rows = TableKeys.OldLog(before);
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {owner.Key} and RowKey ge {rows.From} and RowKey lt {rows.To}");
        var found = tables.Sessions.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken);
        var read = await StorageCall.ReadAllAsync(found, cancellationToken).ToListAsync(cancellationToken).ConfigureAwait(false);
        return new(
            [.. read.Where(row => TableKeys.IsLog(row.RowKey)).Select(row => new OldEntry(row.RowKey, TableKeys.ReadLogTime(row.RowKey), LogRow.Read(row)))],
            [.. read.Where(row => TableKeys.IsCut(row.RowKey)).Select(CutRow.Read)]);
    }

    public async Task<LogRest> ReadRestAsync(LogOwner owner, DateTimeOffset from, CancellationToken cancellationToken)
    {
        // The newest come first, so the last that is read is the oldest.
        var entries = await ReadFirstAsync(owner.Key, TableKeys.YoungLog(from), Keys, MaximumPage, cancellationToken)
            .Select(row => row.RowKey).ToListAsync(cancellationToken).ConfigureAwait(false);
        if (entries.Count > 0)
            return new(TableKeys.ReadLogTime(entries[^1]), HasSessions: false, entries.Count < MaximumPage);
        // Messages and notices stand between the log and the sessions, and would be read along.
        var hasSessions = owner.User is not null
            && await ReadFirstAsync(owner.Key, TableKeys.PresenceAndSessions, Keys, 1, cancellationToken).AnyAsync(cancellationToken).ConfigureAwait(false);
        return new(null, hasSessions, IsComplete: true);
    }

    public async Task<IReadOnlyList<OldMail>> ReadOldestNoticesAsync(UserId user, int limit, CancellationToken cancellationToken) =>
        await ReadFirstAsync(user.ToString(), TableKeys.Notices(user), [.. Keys, nameof(Notice.At)], limit, cancellationToken)
            .Select(NoticeRow.ReadOld).ToListAsync(cancellationToken).ConfigureAwait(false);

    public async Task<IReadOnlyList<OldMail>> ReadOldestMessagesAsync(ConversationCopy copy, int limit, CancellationToken cancellationToken) =>
        await ReadFirstAsync(
                copy.Owner.ToString(), TableKeys.Messages(copy.Owner, copy.Other), [.. Keys, nameof(Message.SentAt), MessageRow.Key], limit, cancellationToken)
            .Select(MessageRow.ReadOld).ToListAsync(cancellationToken).ConfigureAwait(false);

    public async Task<bool> TryRemoveAsync(
        UserId owner, IReadOnlyList<OldMail> mail, Conversation? emptied, CancellationToken cancellationToken)
    {
        var rows = mail.Select(each => each.Row).Concat(mail.Select(each => each.Key).OfType<string>());
        var actions = rows
            .Select(row => new TableTransactionAction(TableTransactionActionType.Delete, new TableEntity(owner.ToString(), row), ETag.All))
            .ToList();
        if (emptied is { Version: { } version })
            actions.Add(new(TableTransactionActionType.UpdateReplace, ConversationRow.Write(emptied), new ETag(version.Value)));
        var answer = await StorageCall.AskAsync(
            tables.Sessions.SubmitTransactionAsync(actions, cancellationToken), cancellationToken).ConfigureAwait(false);
        return answer.Done;
    }

    public async Task<bool> TryCutAsync(LogOwner owner, LogCut cut, CancellationToken cancellationToken)
    {
        // A mark is only set where the entry that it names goes with it: of two runs the later one can't set it back.
        TableTransactionAction[] actions =
        [
            .. cut.Rows.Concat(cut.Unmarked.Select(TableKeys.Cut))
                .Select(row => new TableTransactionAction(TableTransactionActionType.Delete, new TableEntity(owner.Key, row), ETag.All)),
            .. cut.Marks.Select(mark => new TableTransactionAction(TableTransactionActionType.UpsertReplace, CutRow.Write(owner, mark))),
        ];
        var answer = await StorageCall.AskAsync(
            tables.Sessions.SubmitTransactionAsync(actions, cancellationToken), cancellationToken).ConfigureAwait(false);
        return answer.Done;
    }

    public async Task<int> RemoveStatisticsAsync(DateOnly before, CancellationToken cancellationToken)
    {
        var days = TableKeys.StatisticsBefore(before);
        var filter = TableClient.CreateQueryFilter($"PartitionKey ge {days.From} and PartitionKey lt {days.To}");
        var rows = tables.Statistics.QueryAsync<TableEntity>(filter, select: Keys, cancellationToken: cancellationToken);
        var removed = 0;
        await foreach (var row in StorageCall.ReadAllAsync(rows, cancellationToken).ConfigureAwait(false))
        {
            await StorageCall.AskAsync(
                tables.Statistics.DeleteEntityAsync(row.PartitionKey, row.RowKey, ETag.All, cancellationToken), cancellationToken).ConfigureAwait(false);
            removed++;
        }

        return removed;
    }

    private IAsyncEnumerable<TableEntity> ReadFirstAsync(
        string partition, KeyRange rows, string[] select, int limit, CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey ge {rows.From} and RowKey lt {rows.To}");
        return StorageCall.ReadAllAsync(tables.Sessions.QueryAsync<TableEntity>(filter, limit, select, cancellationToken), cancellationToken).Take(limit);
    }

    private async IAsyncEnumerable<PastBatch> ReadAsync(
        Func<int, KeyRange> hoursOf,
        string[] select,
        Func<TableEntity, string?> ownerOf,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var shard = 0; shard < _shards; shard++)
        {
            var batches = TimelineBatches.ReadAsync(tables.Timeline, hoursOf(shard), select, cancellationToken);
            await foreach (var batch in batches.ConfigureAwait(false))
                yield return ToBatch(batch, ownerOf);
        }
    }

    private static PastBatch ToBatch(IReadOnlyList<TableEntity> rows, Func<TableEntity, string?> ownerOf)
    {
        var (owners, copies) = (new HashSet<LogOwner>(), new HashSet<ConversationCopy>());
        foreach (var name in rows.Select(ownerOf).OfType<string>())
        {
            if (LogOwner.TryParse(name, out var owner))
                owners.Add(owner);
            else if (TableKeys.TryReadRetentionRow(name, out var copy))
                copies.Add(copy);
        }

        return new(rows[0].PartitionKey, TableKeys.HourOf(rows[0].PartitionKey), [.. rows.Select(row => row.RowKey)], [.. owners])
        {
            Copies = [.. copies],
        };
    }
}
