namespace Serverless.Tables.Mailbox;

internal static class MessageRow
{
    public const string Key = "Key";

    private const string Sent = "Sent";

    public static TableEntity Write(Conversation conversation, Message message, MessageKey? key) => new TableEntity(
        conversation.Owner.ToString(), MailboxKeys.Message(conversation.Owner, conversation.Other, message.Number))
    {
        [Sent] = message.From == conversation.Owner,
        [nameof(Message.NumberOfSender)] = message.NumberOfSender,
        [nameof(Message.SentAt)] = message.SentAt,
        [nameof(Message.Body)] = message.Body,
        // Retention removes the key's row with the message.
        [Key] = key?.Value,
    }.WithoutNulls();

    public static TableEntity WriteKey(Conversation conversation, Message message, MessageKey key) =>
        new(conversation.Owner.ToString(), MailboxKeys.IdempotencyKey(key)) { [nameof(Message.Number)] = message.Number };

    public static int ReadKey(StoredRow row) => row.Value<int>(nameof(Message.Number));

    public static OldMail ReadOld(StoredRow row) => new(
        MailboxKeys.ReadNumber(row), row.RowKey,
        row.ParseOrNull<MessageKey>(Key, MessageKey.TryParse) is { } key ? MailboxKeys.IdempotencyKey(key) : null,
        row.Value<DateTimeOffset>(nameof(Message.SentAt)));

    public static Message Read(Conversation conversation, StoredRow row)
    {
        var sent = row.Value<bool>(Sent);
        return new(
            From: sent ? conversation.Owner : conversation.Other, To: sent ? conversation.Other : conversation.Owner,
            MailboxKeys.ReadNumber(row), row.Value<int>(nameof(Message.NumberOfSender)),
            row.Value<DateTimeOffset>(nameof(Message.SentAt)), row.Text(nameof(Message.Body)));
    }
}
