namespace Serverless.Sessions.Mailbox;

/// <summary>The mark never moves back.</summary>
public sealed class MarkMessagesRead(IMailboxStore mailbox, TimeProvider clock)
{
    /// <summary>Returns the marked copy; null if there is no such message.</summary>
    public async Task<Conversation?> ExecuteAsync(UserId owner, UserId other, int upTo, CancellationToken cancellationToken)
    {
        Conversation? refused = null;
        for (var tries = new Retries(clock); ; await tries.NextAsync(cancellationToken))
        {
            var conversation = await mailbox.FindConversationAsync(owner, other, cancellationToken);
            if (upTo > conversation.Last)
                return null;
            if (upTo <= conversation.ReadUpTo)
                return conversation;
            if (refused is not null && refused.Version == conversation.Version)
                throw new StorageUnavailableException("A conversation's row can't be changed.");
            if (await CountReceivedAsync(conversation, upTo, cancellationToken) is not { } received)
                return null;
            var read = conversation.MarkRead(upTo, received);
            if (await mailbox.TrySaveAsync(read, [], null, cancellationToken))
                return read;
            refused = conversation;
        }
    }

    private async Task<int?> CountReceivedAsync(Conversation conversation, int upTo, CancellationToken cancellationToken)
    {
        // For the last message, the usual case, the conversation's row has the count.
        if (upTo == conversation.Last)
            return conversation.Last - conversation.Sent;
        var found = await mailbox.ReadMessagesAsync(conversation, upTo, upTo, 1, cancellationToken);
        return found is [var message] ? message.CountOf(conversation.Other) : null;
    }
}
