using Serverless.Sessions.Accounts;
using Serverless.Sessions.Sessions;
using Serverless.Sessions.Storage;

namespace Serverless.Sessions.Mailbox;

/// <summary>Where notices and messages are kept: beside the sessions of the user whose they are. Notices are added with what they
/// tell of, by <see cref="ISessionStore"/>. Every method throws <see cref="StorageUnavailableException"/> for an outage.</summary>
public interface IMailboxStore
{
    /// <summary>A user's notices behind one, in their order, in one read.</summary>
    /// <param name="after">The number of the one before the first; 0 for the first of all.</param>
    /// <param name="limit">How many at the most.</param>
    Task<IReadOnlyList<StoredNotice>> ReadNoticesAsync(UserId user, int after, int limit, CancellationToken cancellationToken);

    /// <summary>A user's copy of a conversation; one without messages where there is none.</summary>
    Task<Conversation> FindConversationAsync(UserId owner, UserId other, CancellationToken cancellationToken);

    /// <summary>The conversations of a user that have messages.</summary>
    IAsyncEnumerable<Conversation> ListConversationsAsync(UserId owner, CancellationToken cancellationToken);

    /// <summary>Messages of a user's copy in their order, in one read.</summary>
    /// <param name="conversation">The copy.</param>
    /// <param name="first">The number of the first.</param>
    /// <param name="last">The number of the last.</param>
    /// <param name="limit">How many at the most, at most 1000.</param>
    Task<IReadOnlyList<Message>> ReadMessagesAsync(
        Conversation conversation, int first, int last, int limit, CancellationToken cancellationToken);

    /// <summary>The message that was added with a key; null where none was.</summary>
    Task<Message?> FindMessageAsync(Conversation main, MessageKey key, CancellationToken cancellationToken);

    /// <summary>Stores a copy with the messages that it has more than before, all or none.</summary>
    /// <param name="changed">The copy as it is to be, with the version that the change was made of.</param>
    /// <param name="added">The messages, at most <see cref="DeliverMessages.MaximumAtOnce"/>.</param>
    /// <param name="key">The key of the message; null where it isn't a new one.</param>
    /// <returns>Whether it was still as it was when read, and the key new; false means: read again and decide anew.</returns>
    Task<bool> TrySaveAsync(
        Conversation changed, IReadOnlyList<Message> added, MessageKey? key, CancellationToken cancellationToken);
}
