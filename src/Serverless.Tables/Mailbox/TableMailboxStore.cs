namespace Serverless.Tables.Mailbox;

internal sealed class TableMailboxStore(TableSet tables, UnreadableRows unreadable) : IMailboxStore
{
    private readonly TableClient _table = tables.Sessions;
    private readonly RowReader _reader = new(unreadable, tables.Sessions.Name);

    public async Task<IReadOnlyList<StoredNotice>> ReadNoticesAsync(
        UserId user, int after, int limit, CancellationToken cancellationToken) =>
        await ReadAsync(user, MailboxKeys.NoticesAfter(user, after), limit, NoticeRow.Read, cancellationToken).Take(limit)
            .ToListAsync(cancellationToken);

    public async Task<Conversation> FindConversationAsync(UserId owner, UserId other, CancellationToken cancellationToken) =>
        await _table.FindAsync(owner.ToString(), MailboxKeys.Conversation(owner, other), cancellationToken) is { } row
            ? _reader.Read(row, ConversationRow.Read)
            : new() { Owner = owner, Other = other };

    public IAsyncEnumerable<Conversation> ListConversationsAsync(UserId owner, CancellationToken cancellationToken) =>
        ReadAsync(owner, MailboxKeys.Conversations(owner), null, ConversationRow.Read, cancellationToken).Where(each => !each.IsEmpty);

    public async Task<IReadOnlyList<Message>> ReadMessagesAsync(
        Conversation conversation, int first, int last, int limit, CancellationToken cancellationToken)
    {
        var rows = MailboxKeys.Messages(conversation.Owner, conversation.Other, first, last);
        return await ReadAsync(conversation.Owner, rows, limit, row => MessageRow.Read(conversation, row), cancellationToken).Take(limit)
            .ToListAsync(cancellationToken);
    }

    public async Task<Message?> FindMessageAsync(Conversation main, MessageKey key, CancellationToken cancellationToken)
    {
        if (await _table.FindAsync(main.Owner.ToString(), MailboxKeys.IdempotencyKey(key), cancellationToken) is not { } keyRow)
            return null;
        var row = await _table.FindAsync(
            main.Owner.ToString(), MailboxKeys.Message(main.Owner, main.Other, _reader.Read(keyRow, MessageRow.ReadKey)), cancellationToken);
        return row is null ? null : _reader.Read(row, stored => MessageRow.Read(main, stored));
    }

    public async Task<bool> TrySaveAsync(
        Conversation changed, IReadOnlyList<Message> added, MessageKey? key, CancellationToken cancellationToken)
    {
        var row = ConversationRow.Write(changed);
        List<TableTransactionAction> actions =
        [
            changed.Version is { } version
                ? new(TableTransactionActionType.UpdateReplace, row, new ETag(version.Value))
                : new(TableTransactionActionType.Add, row),
            .. added.Select(message => new TableTransactionAction(TableTransactionActionType.Add, MessageRow.Write(changed, message, key))),
        ];
        if (key is { } known)
            actions.Add(new(TableTransactionActionType.Add, MessageRow.WriteKey(changed, added[0], known)));
        return (await _table.SubmitAsync(actions, cancellationToken)).Done;
    }

    private IAsyncEnumerable<T> ReadAsync<T>(
        UserId owner, KeyRange rows, int? perPage, Func<StoredRow, T> read, CancellationToken cancellationToken)
        where T : notnull => _reader.ReadAllAsync(_table.ReadRowsAsync(owner.ToString(), rows, cancellationToken, perPage), read);
}
