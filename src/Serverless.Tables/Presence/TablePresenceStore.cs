namespace Serverless.Tables.Presence;

internal sealed class TablePresenceStore(TableSet tables, UnreadableRows unreadable) : IPresenceStore
{
    private readonly TableClient _table = tables.Sessions;
    private readonly RowReader _reader = new(unreadable, tables.Sessions.Name);

    public async Task<bool> TryRecordAsync(
        UserId user, SessionId session, DateTimeOffset seenAt, CancellationToken cancellationToken)
    {
        var answer = await StorageCall.SendAsync(
            _table.UpdateEntityAsync(PresenceRow.Write(user, session, seenAt), ETag.All, TableUpdateMode.Merge, cancellationToken),
            cancellationToken);
        return answer.Done;
    }

    public async Task<DateTimeOffset?> FindLastSeenAsync(UserId user, CancellationToken cancellationToken) =>
        await _reader.ReadAllAsync(
                _table.ReadRowsAsync(user.ToString(), SessionKeys.Presences, cancellationToken, select: PresenceRow.Columns),
                PresenceRow.Read)
            .Select(seenAt => (DateTimeOffset?)seenAt)
            .MaxAsync(cancellationToken: cancellationToken);
}
