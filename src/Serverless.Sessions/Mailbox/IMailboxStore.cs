using Serverless.Sessions.Accounts;

namespace Serverless.Sessions.Mailbox;

/// <summary>Where messages are kept: each participant's copy beside the participant's sessions. Every method throws
/// <see cref="StorageUnavailableException"/> for an outage.</summary>
public interface IMailboxStore
{
    /// <summary>A user's copy of a conversation; one without messages where there is none.</summary>
    Task<Conversation> FindAsync(UserId owner, UserId other, CancellationToken cancellationToken);

    /// <summary>All conversations of a user.</summary>
    IAsyncEnumerable<Conversation> ListAsync(UserId owner, CancellationToken cancellationToken);

    /// <summary>Messages of a user's copy in their order, in one read.</summary>
    /// <param name="conversation">The copy.</param>
    /// <param name="first">The number of the first.</param>
    /// <param name="last">The number of the last.</param>
    /// <param name="limit">How many at the most, at most 1000.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<IReadOnlyList<Message>> ReadAsync(
        Conversation conversation, int first, int last, int limit, CancellationToken cancellationToken);

    /// <summary>The message that was added with a key; null where none was.</summary>
    Task<Message?> FindAsync(Conversation main, MessageKey key, CancellationToken cancellationToken);

    /// <summary>Stores a copy with the messages that it has more than before, all or none.</summary>
    /// <param name="changed">The copy as it is to be, with the version that the change was made of.</param>
    /// <param name="added">The messages, at most <see cref="DeliverMessages.MaximumAtOnce"/>.</param>
    /// <param name="key">The key of the message; null where it isn't a new one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether it was still as it was when read, and the key new; false means: read again and decide anew.</returns>
    Task<bool> TrySaveAsync(
        Conversation changed, IReadOnlyList<Message> added, MessageKey? key, CancellationToken cancellationToken);
}
