namespace Serverless.Tables.Mailbox;

internal sealed class TableMailboxStore(TableSet tables) : IMailboxStore
{
    public Task<IReadOnlyList<StoredNotice>> ReadNoticesAsync(
        UserId user, int after, int limit, CancellationToken cancellationToken) => tables.Sessions.ReadFirstAsync(
        MailboxKeys.NoticesAfter(user, after).FilterRows(user.ToString()), limit, NoticeRow.Read, cancellationToken);

    public async Task<Conversation> FindConversationAsync(UserId owner, UserId other, CancellationToken cancellationToken) =>
        await tables.Sessions.FindAsync(
            owner.ToString(), MailboxKeys.Conversation(owner, other), ConversationRow.Read, cancellationToken)
        ?? new(owner, other);

    public IAsyncEnumerable<Conversation> ListConversationsAsync(UserId owner, CancellationToken cancellationToken) =>
        tables.Sessions
            .ReadAsync(MailboxKeys.Conversations(owner).FilterRows(owner.ToString()), ConversationRow.Read, cancellationToken)
            .Where(each => !each.IsEmpty);

    public Task<IReadOnlyList<Message>> ReadMessagesAsync(
        Conversation conversation, int first, int last, int limit, CancellationToken cancellationToken)
    {
        var rows = MailboxKeys.Messages(conversation.Owner, conversation.Other, first, last);
        return tables.Sessions.ReadFirstAsync(
            rows.FilterRows(conversation.Owner.ToString()), limit, row => MessageRow.Read(conversation, row), cancellationToken);
    }

    public async Task<Message?> FindMessageAsync(Conversation main, MessageKey key, CancellationToken cancellationToken)
    {
        var partition = main.Owner.ToString();
        if (await tables.Sessions.FindAsync(partition, MailboxKeys.IdempotencyKey(key), cancellationToken) is not { } found)
            return null;
        var number = tables.Sessions.Read(found, MessageRow.ReadKey);
        return await tables.Sessions.FindAsync(
            partition, MailboxKeys.Message(main.Owner, main.Other, number), row => MessageRow.Read(main, row), cancellationToken);
    }

    public Task<bool> TrySaveAsync(
        Conversation changed, IReadOnlyList<Message> added, MessageKey? key, CancellationToken cancellationToken)
    {
        List<TableTransactionAction> actions =
        [
            RowChange.Save(ConversationRow.Write(changed), changed.Version),
            .. added.Select(message => RowChange.Add(MessageRow.Write(changed, message, key))),
        ];
        if (key is { } known)
            actions.Add(RowChange.Add(MessageRow.WriteKey(changed, added[0], known)));
        return tables.Sessions.TrySubmitAsync(actions, cancellationToken);
    }
}
