namespace Serverless.Sessions.Mailbox;

/// <summary>Stores notices and messages beside their user's sessions. Notices are added by <see cref="ISessionStore"/>, with what
/// they report. Every method throws <see cref="StorageUnavailableException"/> on an outage.</summary>
public interface IMailboxStore
{
    /// <summary>A user's notices in order, in one read.</summary>
    /// <param name="after">The number of the previous one; 0 to start with the first.</param>
    Task<IReadOnlyList<StoredNotice>> ReadNoticesAsync(UserId user, int after, int limit, CancellationToken cancellationToken);

    /// <summary>A user's copy of a conversation; an empty one if there is none.</summary>
    Task<Conversation> FindConversationAsync(UserId owner, UserId other, CancellationToken cancellationToken);

    /// <summary>The conversations of a user that have messages.</summary>
    IAsyncEnumerable<Conversation> ListConversationsAsync(UserId owner, CancellationToken cancellationToken);

    /// <summary>Messages of a copy in order, in one read.</summary>
    /// <param name="limit">The most messages, at most 1000.</param>
    Task<IReadOnlyList<Message>> ReadMessagesAsync(
        Conversation conversation, int first, int last, int limit, CancellationToken cancellationToken);

    /// <summary>The message that was added with a key; null if there is none.</summary>
    Task<Message?> FindMessageAsync(Conversation main, MessageKey key, CancellationToken cancellationToken);

    /// <summary>Stores a copy and its added messages, all or none.</summary>
    /// <param name="changed">The new copy, with the version that it is based on.</param>
    /// <param name="added">The messages, at most <see cref="DeliverMessages.MaximumAtOnce"/>.</param>
    /// <param name="key">The message's key; null if the message isn't new.</param>
    /// <returns>False if the copy has changed since it was read or the key is taken: read again and decide anew.</returns>
    Task<bool> TrySaveAsync(
        Conversation changed, IReadOnlyList<Message> added, MessageKey? key, CancellationToken cancellationToken);
}
