using Azure.Data.Tables;
using Serverless.Sessions;
using Serverless.Sessions.Mailbox;
using Serverless.Sessions.Retention;

namespace Serverless.Tables.Mailbox;

/// <summary>A message as a row of one of its two copies, and the row of its key.</summary>
internal static class MessageRow
{
    public const string Key = "Key";

    private const string Sent = "Sent";

    public static TableEntity Write(Conversation conversation, Message message, MessageKey? key)
    {
        var row = new TableEntity(
            conversation.Owner.ToString(), TableKeys.Message(conversation.Owner, conversation.Other, message.Number))
        {
            [Sent] = message.From == conversation.Owner,
            [nameof(Message.NumberOfSender)] = message.NumberOfSender,
            [nameof(Message.SentAt)] = message.SentAt,
            [nameof(Message.Body)] = message.Body,
        };
        // Whoever removes the message removes the row of its key, too.
        if (key is { } known)
            row[Key] = known.Value;
        return row;
    }

    public static TableEntity WriteKey(Conversation conversation, Message message, MessageKey key) =>
        new(conversation.Owner.ToString(), TableKeys.MessageKey(key)) { [nameof(Message.Number)] = message.Number };

    public static int ReadKey(TableEntity row) => row.GetInt32(nameof(Message.Number)) ?? 0;

    /// <summary>What retention needs of a message, without its body.</summary>
    // A key that was made by hand holds up nobody's retention: the row goes as if it were the first.
    public static OldMail ReadOld(TableEntity row) => new(
        TableKeys.TryReadNumber(row.RowKey, out var number) ? number : 0,
        row.RowKey,
        row.GetString(Key) is { } key ? TableKeys.MessageKey(new(key)) : null,
        row.GetDateTimeOffset(nameof(Message.SentAt)) ?? default);

    public static Message Read(Conversation conversation, TableEntity row)
    {
        var sent = row.GetBoolean(Sent) ?? false;
        return new()
        {
            From = sent ? conversation.Owner : conversation.Other,
            To = sent ? conversation.Other : conversation.Owner,
            Number = TableKeys.ReadNumber(row.RowKey),
            NumberOfSender = row.GetInt32(nameof(Message.NumberOfSender)) ?? 0,
            SentAt = row.GetDateTimeOffset(nameof(Message.SentAt)) ?? default,
            Body = row.GetString(nameof(Message.Body)) ?? throw new StorageUnavailableException("A message can't be read."),
        };
    }
}
