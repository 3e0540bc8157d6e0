namespace Serverless.Tables.Presence;

internal sealed class TablePresenceStore(TableSet tables) : IPresenceStore
{
    public Task<bool> TryRecordAsync(
        UserId user, SessionId session, DateTimeOffset seenAt, bool isActive, CancellationToken cancellationToken) =>
        tables.Sessions.TryMergeAsync(PresenceRow.Write(user, session, seenAt, isActive), null, cancellationToken);

    // Merges nothing into the session, whose version thereby decides: one that ends meanwhile gets no row.
    public Task<bool> TryRestoreAsync(StoredSession session, DateTimeOffset seenAt, bool isActive, CancellationToken cancellationToken)
    {
        var (user, id) = (session.Session.UserId, session.Session.Id);
        return tables.Sessions.TrySubmitAsync(
            [
                RowChange.Merge(new(user.ToString(), SessionKeys.Session(id)), session.Version),
                RowChange.Add(PresenceRow.Write(user, id, seenAt, isActive)),
            ], cancellationToken);
    }

    public async Task<LastSeen?> FindLastSeenAsync(UserId user, CancellationToken cancellationToken)
    {
        var filter = SessionKeys.Presences.FilterRows(user.ToString());
        var seen = await tables.Sessions.ReadAsync(filter, PresenceRow.Read, cancellationToken, select: PresenceRow.Columns)
            .ToListAsync(cancellationToken);
        return seen.Count > 0 ? new(seen.Max(each => each.At), seen.Max(each => each.ActiveAt)) : null;
    }
}

internal static class PresenceRow
{
    private const string LastSeenAt = "LastSeenAt";
    private const string LastActiveAt = "LastActiveAt";

    public static string[] Columns { get; } = [.. StoredTable.KeyColumns, LastSeenAt, LastActiveAt];

    public static TableEntity Write(UserId user, SessionId session, DateTimeOffset seenAt, bool isActive) =>
        new TableEntity(user.ToString(), SessionKeys.Presence(session))
        {
            [LastSeenAt] = seenAt,
            [LastActiveAt] = isActive ? seenAt : null,
        }.WithoutNulls();

    public static LastSeen Read(StoredRow row) => new(row.Value<DateTimeOffset>(LastSeenAt), row.ValueOrNull<DateTimeOffset>(LastActiveAt));
}
