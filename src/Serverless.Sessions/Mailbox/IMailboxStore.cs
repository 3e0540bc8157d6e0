namespace Serverless.Sessions.Mailbox;

/// <summary>Stores notices and messages beside their user's sessions. Notices are added by <see cref="ISessionStore"/>, with what
/// they report. Every method throws <see cref="StorageUnavailableException"/> on an outage.</summary>
public interface IMailboxStore
{
    /// <summary>Reads notices in order, in one transaction; 0 starts with the first.</summary>
    Task<IReadOnlyList<StoredNotice>> ReadNoticesAsync(UserId user, int after, int limit, CancellationToken cancellationToken);

    /// <summary>Returns an empty copy if there is none.</summary>
    Task<Conversation> FindConversationAsync(UserId owner, UserId other, CancellationToken cancellationToken);

    /// <summary>Omits conversations without messages.</summary>
    IAsyncEnumerable<Conversation> ListConversationsAsync(UserId owner, CancellationToken cancellationToken);

    /// <summary>Reads messages in order, in one transaction; <paramref name="limit"/> is at most 1000.</summary>
    Task<IReadOnlyList<Message>> ReadMessagesAsync(
        Conversation conversation, int first, int last, int limit, CancellationToken cancellationToken);

    Task<Message?> FindMessageAsync(Conversation main, MessageKey key, CancellationToken cancellationToken);

    /// <summary>Stores a copy and at most <see cref="DeliverMessages.MaximumAtOnce"/> added messages, all or none; false if the
    /// copy has changed since it was read or the key is taken. <paramref name="key"/> is null if the message isn't new.</summary>
    Task<bool> TrySaveAsync(
        Conversation changed, IReadOnlyList<Message> added, MessageKey? key, CancellationToken cancellationToken);
}
