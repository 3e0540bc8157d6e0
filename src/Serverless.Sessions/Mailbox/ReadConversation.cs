namespace Serverless.Sessions.Mailbox;

/// <summary>Polling costs one read of the conversation's row while there are no newer messages. Opening the conversation also
/// delivers what a sender that died left in the main copy.</summary>
public sealed class ReadConversation(IMailboxStore mailbox, DeliverMessages deliver)
{
    public async Task<ConversationPage> AfterAsync(
        UserId owner, UserId other, int after, int limit, CancellationToken cancellationToken)
    {
        var conversation = await mailbox.FindConversationAsync(owner, other, cancellationToken);
        return await ReadAsync(conversation, after + 1L, conversation.Last, limit, cancellationToken);
    }

    public async Task<ConversationPage> BeforeAsync(
        UserId owner, UserId other, int before, int limit, CancellationToken cancellationToken)
    {
        var conversation = await mailbox.FindConversationAsync(owner, other, cancellationToken);
        var last = Math.Min(before - 1, conversation.Last);
        return await ReadAsync(conversation, last - limit + 1, last, limit, cancellationToken);
    }

    public async Task<ConversationPage> OpenAsync(UserId owner, UserId other, int limit, CancellationToken cancellationToken)
    {
        var copies = await Task.WhenAll(
            mailbox.FindConversationAsync(owner, other, cancellationToken),
            mailbox.FindConversationAsync(other, owner, cancellationToken));
        var (mine, theirs) = (copies[0], copies[1]);
        if (mine.IsMain)
            await deliver.ExecuteAsync(mine, theirs, null, cancellationToken);
        else
            mine = await deliver.ExecuteAsync(theirs, mine, null, cancellationToken);
        return await ReadAsync(mine, mine.Last - limit + 1, mine.Last, limit, cancellationToken);
    }

    private async Task<ConversationPage> ReadAsync(
        Conversation conversation, long first, int last, int limit, CancellationToken cancellationToken)
    {
        first = Math.Max(first, 1);
        return new(conversation, first > last
            ? []
            : await mailbox.ReadMessagesAsync(conversation, (int)first, last, limit, cancellationToken));
    }
}

/// <summary>A range of messages, in order, with the reader's copy of their conversation.</summary>
public sealed record ConversationPage(Conversation Conversation, IReadOnlyList<Message> Messages);
