namespace Serverless.Tables.AuditLog;

internal sealed class TableRetentionStore(TableSet tables) : IRetentionStore
{
    private const int MaximumPage = 1000;

    private readonly int _shards = tables.Shards;
    private readonly StoredTable _timeline = tables.Timeline;
    private readonly StoredTable _sessions = tables.Sessions;
    private readonly StoredTable _statistics = tables.Statistics;

    public async Task ScheduleAsync(IReadOnlyCollection<LogDue> due, CancellationToken cancellationToken)
    {
        var hours = due.GroupBy(each => TimelineKeys.RetentionPartition(each.Owner, each.At, _shards), each => each.Owner.Key);
        foreach (var hour in hours)
        {
            foreach (var owners in hour.Distinct().Chunk(StoredTable.MostAtOnce))
                await _timeline.SubmitAsync(owners.Select(owner => RowChange.Upsert(new(hour.Key, owner))), cancellationToken);
        }
    }

    public Task ScheduleAsync(ConversationCopy copy, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var hour = TimelineKeys.RetentionPartition(LogOwner.Of(copy.Owner), at, _shards);
        return _timeline.UpsertAsync(new(hour, TimelineKeys.Retention(copy)), cancellationToken);
    }

    public IAsyncEnumerable<ExpiredBatch> ReadDueLogsAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        ReadAsync(TimelineKeys.RetentionKind, now, row => ReadName(row.RowKey), StoredTable.KeyColumns, cancellationToken);

    public IAsyncEnumerable<ExpiredBatch> ReadActivityAsync(DateTimeOffset before, CancellationToken cancellationToken) => ReadAsync(
        TimelineKeys.ActivityKind, before,
        // Its log may be unreadable; the row still goes by its key.
        row => LogOwner.TryParse(row[nameof(Activity.UserId)] as string ?? row[nameof(Activity.AccountKey)] as string, out var owner)
            ? owner : null,
        [.. StoredTable.KeyColumns, nameof(Activity.UserId), nameof(Activity.AccountKey)], cancellationToken);

    public IAsyncEnumerable<ExpiredBatch> ReadRevocationsAsync(DateTimeOffset before, CancellationToken cancellationToken) =>
        ReadAsync(TimelineKeys.RevocationKind, before, _ => null, StoredTable.KeyColumns, cancellationToken);

    public Task RemoveAsync(ExpiredBatch batch, CancellationToken cancellationToken) =>
        _timeline.RemoveAsync(batch.Partition, batch.Rows, cancellationToken);

    public async Task<OldLog> ReadOldLogAsync(LogOwner owner, DateTimeOffset before, CancellationToken cancellationToken)
    {
        var filter = LogKeys.EntriesBefore(before).FilterRows(owner.Key);
        var read = await _sessions.ReadAsync(filter, row => row, cancellationToken).ToListAsync(cancellationToken);
        var entries = read.Where(row => LogKeys.IsEntry(row.RowKey));
        return new(
            [.. entries.Select(row => new OldEntry(row.RowKey, LogKeys.ReadEntryTime(row.RowKey), LogRow.Read(row)))],
            [.. read.Where(row => LogKeys.IsCheckpoint(row.RowKey)).Select(LogRow.ReadCheckpoint)]);
    }

    public async Task<RemainingLog> ReadRemainingAsync(LogOwner owner, DateTimeOffset from, CancellationToken cancellationToken)
    {
        var filter = LogKeys.EntriesFrom(from).FilterRows(owner.Key);
        // The newest come first.
        var entries = await _sessions.ReadFirstAsync(
            filter, MaximumPage, row => LogKeys.ReadEntryTime(row.RowKey), cancellationToken, StoredTable.KeyColumns);
        // A malformed key has no time.
        if (entries.LastOrDefault(at => at > DateTimeOffset.MinValue) is var oldest && oldest != default)
            return new(oldest, HasSessions: false, entries.Count < MaximumPage);
        // Messages and notices sort between the log and the sessions, so one range would read them, too.
        var sessions = SessionKeys.PresenceAndSessions.FilterRows(owner.Key);
        var hasSessions = owner.User is not null
            && (await _sessions.ReadFirstAsync(sessions, 1, row => row, cancellationToken, StoredTable.KeyColumns)).Count > 0;
        return new(null, hasSessions, IsComplete: true);
    }

    public Task<IReadOnlyList<OldMail>> ReadOldestNoticesAsync(UserId user, int limit, CancellationToken cancellationToken)
    {
        var filter = MailboxKeys.Notices(user).FilterRows(user.ToString());
        string[] columns = [.. StoredTable.KeyColumns, nameof(Notice.At)];
        return _sessions.ReadFirstAsync(filter, limit, NoticeRow.ReadOld, cancellationToken, columns);
    }

    public Task<IReadOnlyList<OldMail>> ReadOldestMessagesAsync(
        ConversationCopy copy, int limit, CancellationToken cancellationToken)
    {
        var filter = MailboxKeys.Messages(copy.Owner, copy.Other).FilterRows(copy.Owner.ToString());
        string[] columns = [.. StoredTable.KeyColumns, nameof(Message.SentAt), MessageRow.Key];
        return _sessions.ReadFirstAsync(filter, limit, MessageRow.ReadOld, cancellationToken, columns);
    }

    public Task<bool> TryRemoveAsync(
        UserId owner, IReadOnlyList<OldMail> mail, Conversation? emptied, CancellationToken cancellationToken)
    {
        // Two messages with one key were written by hand.
        var rows = mail.Select(each => each.Row).Concat(mail.Select(each => each.Key).OfType<string>()).Distinct();
        var actions = rows.Select(row => RowChange.Delete(owner.ToString(), row)).ToList();
        if (emptied is { Version: { } version })
            actions.Add(RowChange.Save(ConversationRow.Write(emptied), version));
        return _sessions.TrySubmitAsync(actions, cancellationToken);
    }

    // A checkpoint is written only together with the removal of its last entry, so a later run can't set it back.
    public Task<bool> TryTrimAsync(LogOwner owner, LogTrim cut, CancellationToken cancellationToken) => _sessions.TrySubmitAsync(
        [
            .. cut.Rows.Concat(cut.Unmarked.Select(LogKeys.Checkpoint)).Select(row => RowChange.Delete(owner.Key, row)),
            .. cut.Marks.Select(mark => RowChange.Upsert(LogRow.Write(owner, mark))),
        ], cancellationToken);

    public async Task RemoveChallengesAsync(UserId user, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var filter = PasskeyKeys.Challenges.FilterRows(user.ToString());
        var challenges = await _sessions.ReadAsync(filter, PasskeyRow.ReadChallenge, cancellationToken).ToListAsync(cancellationToken);
        var expired = challenges.Where(challenge => challenge.ExpiresAt < now).Select(challenge => PasskeyKeys.Challenge(challenge.Digest));
        foreach (var batch in expired.Chunk(StoredTable.MostAtOnce))
            await _sessions.RemoveAsync(user.ToString(), batch, cancellationToken);
    }

    public async Task<int> RemoveStatisticsAsync(DateOnly before, CancellationToken cancellationToken)
    {
        var removed = 0;
        var filter = StatisticsRow.DaysBefore(before).FilterPartitions();
        await foreach (var row in _statistics.ReadAsync(filter, row => row, cancellationToken, select: StoredTable.KeyColumns))
        {
            await _statistics.TryDeleteAsync(row.PartitionKey, row.RowKey, null, cancellationToken);
            removed++;
        }

        return removed;
    }

    private IAsyncEnumerable<ExpiredBatch> ReadAsync(
        char kind, DateTimeOffset before, Func<StoredRow, object?> read, string[] select, CancellationToken cancellationToken) =>
        _timeline.ReadBeforeAsync(kind, _shards, before, read, cancellationToken, select).Select(batch => new ExpiredBatch(
            batch[0].Partition, batch[0].Hour, [.. batch.Select(row => row.Row)],
            [.. batch.Select(row => row.Value).OfType<LogOwner>().Distinct()],
            [.. batch.Select(row => row.Value).OfType<ConversationCopy>().Distinct()]));

    /// <summary>What a row names: the owner of a log, or a copy of a conversation.</summary>
    private static object ReadName(string name) => LogOwner.TryParse(name, out var owner) ? owner : TimelineKeys.ReadRetention(name);
}
