namespace Serverless.Tables.AuditLog;

internal sealed class TableLogStore(TableSet tables) : ILogStore
{
    public Task AppendAsync(LogOwner owner, LogEntry entry, CancellationToken cancellationToken) =>
        tables.Sessions.SaveAsync(LogRow.Write(owner, entry), null, cancellationToken);

    // The entry's id is random, so an entry that is there is ours: the reply to an earlier try was lost.
    public async Task<bool> TryAppendAsync(UserId user, LogEntry entry, Notice notice, CancellationToken cancellationToken)
    {
        var owner = LogOwner.Of(user);
        return await tables.Sessions.TrySubmitAsync(
            [
                RowChange.Add(LogRow.Write(owner, entry)),
                .. await NoticeRow.AppendAsync(tables.Sessions, user, [notice], cancellationToken),
            ], cancellationToken)
            || await FindAsync(owner, LogPosition.After(entry), cancellationToken) is not null;
    }

    public Task<LogEntry?> FindAsync(LogOwner owner, LogPosition position, CancellationToken cancellationToken) =>
        tables.Sessions.FindAsync(owner.Key, LogKeys.Entry(position), LogRow.Read, cancellationToken);

    public async Task<LogPage> ReadAsync(
        LogOwner owner, LogFilter filter, LogPosition? after, int limit, CancellationToken cancellationToken)
    {
        var rows = LogKeys.EntriesAfter(after, filter).FilterRows(owner.Key);
        var (read, last) = await tables.Sessions.ReadPageAsync(rows, filter.ReadsFor(limit), LogRow.Read, cancellationToken);
        return LogPage.Of(read, last, filter, limit);
    }

    public async Task<UserLog> ReadAllAsync(UserId user, int most, CancellationToken cancellationToken)
    {
        var cuts = tables.Sessions.ReadAsync(LogKeys.Checkpoints.FilterRows(user.ToString()), LogRow.ReadCheckpoint, cancellationToken);
        var entries = await tables.Sessions.ReadAsync(LogKeys.Entries.FilterRows(user.ToString()), LogRow.Read, cancellationToken)
            .Take(most).ToListAsync(cancellationToken);
        return new(entries, await cuts.ToListAsync(cancellationToken), entries.Count < most);
    }

    public async Task<SessionLog> ReadOfAsync(UserId user, SessionId session, CancellationToken cancellationToken)
    {
        var rows = LogKeys.EntriesAndCheckpoints;
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {user.ToString()} and RowKey gt {rows.From} and RowKey lt {rows.To} and SessionId eq {session.ToString()}");
        var read = await tables.Sessions.ReadAsync(filter, row => row, cancellationToken).ToListAsync(cancellationToken);
        return new(
            [.. read.Where(row => LogKeys.IsEntry(row.RowKey)).Select(LogRow.Read)],
            read.Where(row => row.RowKey == LogKeys.Checkpoint(session)).Select(LogRow.ReadCheckpoint).FirstOrDefault());
    }
}
