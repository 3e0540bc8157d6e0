namespace Serverless.Tables.Mailbox;

internal static class ConversationRow
{
    public static TableEntity Write(Conversation conversation) => new TableEntity(
        conversation.Owner.ToString(), MailboxKeys.Conversation(conversation.Owner, conversation.Other))
    {
        [nameof(Conversation.Last)] = conversation.Last,
        [nameof(Conversation.LastAt)] = conversation.LastAt,
        [nameof(Conversation.Sent)] = conversation.Sent,
        [nameof(Conversation.ReadUpTo)] = conversation.ReadUpTo,
        [nameof(Conversation.Read)] = conversation.Read,
        [nameof(Conversation.RetentionScheduled)] = conversation.RetentionScheduled,
    }.WithoutNulls();

    public static Conversation Read(StoredRow row)
    {
        StoredRow.Require(UserId.TryParse(row.PartitionKey, out var owner));
        StoredRow.Require(
            MailboxKeys.TryReadConversation(row.RowKey, out var other) && row.RowKey == MailboxKeys.Conversation(owner, other));
        return new(owner, other)
        {
            Last = row.Value<int>(nameof(Conversation.Last)),
            LastAt = row.Value<DateTimeOffset>(nameof(Conversation.LastAt)),
            Sent = row.Value<int>(nameof(Conversation.Sent)),
            ReadUpTo = row.Value<int>(nameof(Conversation.ReadUpTo)),
            Read = row.Value<int>(nameof(Conversation.Read)),
            RetentionScheduled = row.ValueOrNull<bool>(nameof(Conversation.RetentionScheduled)),
            Version = row.Version,
        };
    }
}
