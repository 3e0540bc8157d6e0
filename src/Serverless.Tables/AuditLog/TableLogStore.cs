namespace Serverless.Tables.AuditLog;

internal sealed class TableLogStore(TableSet tables) : ILogStore
{
    private readonly TableClient _table = tables.Sessions;

    public Task AppendAsync(LogOwner owner, LogEntry entry, CancellationToken cancellationToken) => StorageCall.SendAsync(
        _table.AddEntityAsync(LogRow.Write(owner, entry), cancellationToken), cancellationToken);

    public async Task<LogPage> ReadAsync(LogOwner owner, LogPosition? after, int limit, CancellationToken cancellationToken)
    {
        // One entry more than asked for tells whether there is another page.
        var read = await _table.ReadRowsAsync(owner.Key, LogKeys.EntriesAfter(after), cancellationToken, pageSize: limit + 1).Take(limit + 1)
            .Select(LogRow.Read).ToListAsync(cancellationToken);
        var entries = read.Take(limit).ToList();
        return new(entries, read.Count > limit ? LogPosition.After(entries[^1]) : null);
    }

    public async Task<SessionLog> ReadOfAsync(UserId user, SessionId session, CancellationToken cancellationToken)
    {
        var rows = LogKeys.EntriesAndCheckpoints;
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {user.ToString()} and RowKey gt {rows.From} and RowKey lt {rows.To} and SessionId eq {session.ToString()}");
        var read = await _table.ReadAsync(filter, cancellationToken).ToListAsync(cancellationToken);
        return new(
            [.. read.Where(row => LogKeys.IsEntry(row.RowKey)).Select(LogRow.Read)],
            read.Where(row => row.RowKey == LogKeys.Checkpoint(session)).Select(CheckpointRow.Read).FirstOrDefault());
    }
}
