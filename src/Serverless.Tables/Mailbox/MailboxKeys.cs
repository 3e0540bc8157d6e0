namespace Serverless.Tables.Mailbox;

/// <summary>The owner is in each row key, because row keys are distinct over their whole table.</summary>
internal static class MailboxKeys
{
    /// <summary>Notices sort in the order of their numbers; one without a session ends with the colon.</summary>
    public static string Notice(UserId user, int number, SessionId? session) => $"{NoticeUpTo(user, number)}:{session}";

    public static (int Number, SessionId? Session) ReadNotice(StoredRow row) =>
        row.RowKey.Split(':') is [_, _, var place, var id]
        && int.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (number, ReadSession(id)) : throw new UnreadableRowException("key");

    public static KeyRange NoticesAfter(UserId user, int number) =>
        new(NoticeUpTo(user, number) + KeyRange.AfterSeparator, Notices(user).To);
    public static KeyRange Notices(UserId user) => KeyRange.WithPrefix($"n:{user}:");
    public static string NoticeCount(UserId user) => $"h:{user}";
    public static string Conversation(UserId owner, UserId other) => $"c:{owner}:{other}";

    public static bool TryReadConversation(string rowKey, out UserId other) =>
        UserId.TryParse(rowKey.AsSpan(rowKey.LastIndexOf(':') + 1), out other);

    public static KeyRange Conversations(UserId owner) => KeyRange.WithPrefix($"c:{owner}:");

    public static string Message(UserId owner, UserId other, int number) => string.Create(
        CultureInfo.InvariantCulture, $"m:{owner}:{other}:{number:D10}");

    public static int ReadNumber(StoredRow row) =>
        int.TryParse(row.RowKey.Split(':')[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number : throw new UnreadableRowException("key");

    /// <summary>Both ends included.</summary>
    public static KeyRange Messages(UserId owner, UserId other, int first, int last) =>
        new(Message(owner, other, first), Message(owner, other, last) + KeyRange.AfterSeparator);

    public static KeyRange Messages(UserId owner, UserId other) => KeyRange.WithPrefix($"m:{owner}:{other}:");

    public static string IdempotencyKey(MessageKey key) => $"k:{key}";

    // Before there were notices without a session, zeros stood for none.
    private static SessionId? ReadSession(string id) => id.Length == 0 ? null
        : !SessionId.TryParse(id, out var session) ? throw new UnreadableRowException("key")
        : session == default ? null : session;

    private static string NoticeUpTo(UserId user, int number) => string.Create(CultureInfo.InvariantCulture, $"n:{user}:{number:D10}");
}
