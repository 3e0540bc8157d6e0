namespace Serverless.Sessions.Tests;

internal sealed partial class InMemoryStores
{
    private readonly List<(UserId User, StoredNotice Notice)> _notices = [];
    private readonly Dictionary<(UserId Owner, UserId Other), Conversation> _conversations = [];
    private readonly List<(UserId Owner, Message Message)> _messages = [];
    private readonly Dictionary<(UserId Owner, MessageKey Key), Message> _messageKeys = [];
    private readonly Dictionary<UserId, int> _noticeCounts = [];

    public Task<IReadOnlyList<StoredNotice>> ReadNoticesAsync(UserId user, int after, int limit, CancellationToken cancellationToken) =>
        Locked<IReadOnlyList<StoredNotice>>(() =>
            [.. _notices.Where(each => each.User == user && each.Notice.Number > after).Select(each => each.Notice).Take(limit)]);

    public Task<Conversation> FindConversationAsync(UserId owner, UserId other, CancellationToken cancellationToken) => Locked(() =>
        _conversations.GetValueOrDefault((owner, other), new(owner, other)));

    public IAsyncEnumerable<Conversation> ListConversationsAsync(UserId owner, CancellationToken cancellationToken) => Snapshot(
        _conversations.Values.Where(each => each.Owner == owner && !each.IsEmpty).OrderBy(each => each.Other.ToString(), StringComparer.Ordinal));

    public Task<IReadOnlyList<Message>> ReadMessagesAsync(
        Conversation conversation, int first, int last, int limit, CancellationToken cancellationToken) => Locked<IReadOnlyList<Message>>(() =>
        [.. MessagesOf(conversation).Where(message => message.Number >= first && message.Number <= last).Take(limit)]);

    public Task<Message?> FindMessageAsync(Conversation main, MessageKey key, CancellationToken cancellationToken) => Locked(() =>
        _messageKeys.GetValueOrDefault((main.Owner, key)));

    public Task<bool> TrySaveAsync(
        Conversation changed, IReadOnlyList<Message> added, MessageKey? key, CancellationToken cancellationToken) => Locked(() =>
    {
        if (_conversations.GetValueOrDefault((changed.Owner, changed.Other))?.Version != changed.Version
            || (key is { } known && _messageKeys.ContainsKey((changed.Owner, known))))
        {
            return false;
        }

        _conversations[(changed.Owner, changed.Other)] = changed with { Version = NewVersion() };
        _messages.AddRange(added.Select(message => (changed.Owner, message)));
        if (key is { } fresh)
            _messageKeys[(changed.Owner, fresh)] = added[0];
        return true;
    });

    private IEnumerable<Message> MessagesOf(Conversation conversation) => _messages
        .Where(each => each.Owner == conversation.Owner
            && (each.Message.From == conversation.Other || each.Message.To == conversation.Other))
        .Select(each => each.Message).OrderBy(message => message.Number);

    private void Notify(UserId user, Notice? notice)
    {
        if (notice is not null)
            _notices.Add((user, new(_noticeCounts[user] = _noticeCounts.GetValueOrDefault(user) + 1, notice)));
    }
}
