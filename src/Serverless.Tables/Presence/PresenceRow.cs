namespace Serverless.Tables.Presence;

internal static class PresenceRow
{
    private const string LastSeenAt = "LastSeenAt";

    public static string[] Columns { get; } = [nameof(TableEntity.PartitionKey), nameof(TableEntity.RowKey), LastSeenAt];

    public static TableEntity Write(UserId user, SessionId session, DateTimeOffset seenAt) =>
        new(user.ToString(), SessionKeys.Presence(session)) { [LastSeenAt] = seenAt };

    public static DateTimeOffset Read(StoredRow row) => row.Value<DateTimeOffset>(LastSeenAt);
}
