using Azure.Data.Tables;
using Serverless.Sessions;
using Serverless.Sessions.Accounts;
using Serverless.Sessions.Mailbox;

namespace Serverless.Tables.Mailbox;

/// <summary>A user's copy of a conversation as a row: how far it goes and how far it is read.</summary>
internal static class ConversationRow
{
    public static TableEntity Write(Conversation conversation)
    {
        var row = new TableEntity(conversation.Owner.ToString(), TableKeys.Conversation(conversation.Owner, conversation.Other))
        {
            [nameof(Conversation.Last)] = conversation.Last,
            [nameof(Conversation.LastAt)] = conversation.LastAt,
            [nameof(Conversation.Sent)] = conversation.Sent,
            [nameof(Conversation.ReadUpTo)] = conversation.ReadUpTo,
            [nameof(Conversation.Read)] = conversation.Read,
        };
        if (conversation.Filed is { } filed)
            row[nameof(Conversation.Filed)] = filed;
        return row;
    }

    public static Conversation Read(TableEntity row)
    {
        if (!UserId.TryParse(row.PartitionKey, out var owner) || !TableKeys.TryReadConversation(row.RowKey, out var other))
            throw new StorageUnavailableException("A conversation's row can't be read.");
        return new()
        {
            Owner = owner,
            Other = other,
            Last = row.GetInt32(nameof(Conversation.Last)) ?? 0,
            LastAt = row.GetDateTimeOffset(nameof(Conversation.LastAt)) ?? default,
            Sent = row.GetInt32(nameof(Conversation.Sent)) ?? 0,
            ReadUpTo = row.GetInt32(nameof(Conversation.ReadUpTo)) ?? 0,
            Read = row.GetInt32(nameof(Conversation.Read)) ?? 0,
            Filed = row.GetBoolean(nameof(Conversation.Filed)),
            Version = new(row.ETag.ToString()),
        };
    }
}
