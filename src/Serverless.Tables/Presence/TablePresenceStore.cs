namespace Serverless.Tables.Presence;

internal sealed class TablePresenceStore(TableSet tables) : IPresenceStore
{
    public Task<bool> TryRecordAsync(
        UserId user, SessionId session, DateTimeOffset seenAt, CancellationToken cancellationToken) =>
        tables.Sessions.TryMergeAsync(PresenceRow.Write(user, session, seenAt), null, cancellationToken);

    public async Task<DateTimeOffset?> FindLastSeenAsync(UserId user, CancellationToken cancellationToken)
    {
        var filter = SessionKeys.Presences.FilterRows(user.ToString());
        return await tables.Sessions.ReadAsync(filter, PresenceRow.Read, cancellationToken, select: PresenceRow.Columns)
            .Select(seenAt => (DateTimeOffset?)seenAt).MaxAsync(cancellationToken: cancellationToken);
    }
}

internal static class PresenceRow
{
    private const string LastSeenAt = "LastSeenAt";

    public static string[] Columns { get; } = [.. StoredTable.KeyColumns, LastSeenAt];

    public static TableEntity Write(UserId user, SessionId session, DateTimeOffset seenAt) =>
        new(user.ToString(), SessionKeys.Presence(session)) { [LastSeenAt] = seenAt };

    public static DateTimeOffset Read(StoredRow row) => row.Value<DateTimeOffset>(LastSeenAt);
}
