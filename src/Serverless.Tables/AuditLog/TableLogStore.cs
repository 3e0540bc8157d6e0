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

    public async Task<LogPage> ReadAsync(LogOwner owner, LogPosition? after, int limit, CancellationToken cancellationToken)
    {
        var filter = LogKeys.EntriesAfter(after).FilterRows(owner.Key);
        var (entries, last) = await tables.Sessions.ReadPageAsync(filter, limit, LogRow.Read, cancellationToken);
        return new(entries, last is null ? null : LogPosition.After(last));
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
