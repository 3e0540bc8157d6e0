namespace Serverless.Sessions.Mailbox;

/// <summary>Sends a message: it gets its number in the main copy, in one transaction with its key, and is then delivered to the
/// other copy. After a crash in between, the repeated request or the next opening of the conversation delivers it.</summary>
public sealed class SendMessage(IMailboxStore mailbox, FindAccount findAccount, DeliverMessages deliver, TimeProvider clock)
{
    private const int MaximumRecipients = 10_000;

    // A no isn't kept, as the account may be created or enabled at any moment.
    private readonly ReadThroughCache<UserId, bool> _recipients = new(
        MaximumRecipients, TimeSpan.FromMinutes(1), clock, keeps: accepts => accepts);

    /// <summary>If cancelled once the main copy is stored, the next opening delivers the message.</summary>
    public async Task<SendMessageResult> ExecuteAsync(
        UserId from, UserId to, string body, string idempotencyKey, CancellationToken cancellationToken)
    {
        var asked = _recipients.GetAsync(to, token => IsActiveAsync(to, token), cancellationToken).AsTask();
        var mine = mailbox.FindConversationAsync(from, to, cancellationToken);
        var theirs = mailbox.FindConversationAsync(to, from, cancellationToken);
        await Task.WhenAll(asked, mine, theirs);
        var (main, copy) = (await mine, await theirs);
        if (copy.IsMain)
            (main, copy) = (copy, main);

        var key = MessageKey.Of(from, to, idempotencyKey);
        // A message sent while the recipient existed stays sent, and its sender may not have received the answer.
        if (!await asked)
            return await FindSentAsync(main, copy, key, body, cancellationToken) ?? new SendMessageResult.RecipientUnknown();
        for (var tries = new Retries(clock); ; await tries.NextAsync(cancellationToken))
        {
            var message = main.Next(from, body, clock.Now());
            if (await deliver.TryAddAsync(main, [message], key, cancellationToken))
            {
                await deliver.ExecuteAsync(main.UpTo(message), copy, message, cancellationToken);
                return new SendMessageResult.Sent(message);
            }

            if (await FindSentAsync(main, copy, key, body, cancellationToken) is { } sent)
                return sent;
            var stored = await mailbox.FindConversationAsync(main.Owner, main.Other, cancellationToken);
            if (stored.Version == main.Version)
                throw new StorageUnavailableException("The messages of a conversation don't fit its row.");
            main = stored;
        }
    }

    private async Task<bool> IsActiveAsync(UserId user, CancellationToken cancellationToken) =>
        await findAccount.ExecuteAsync(user, cancellationToken) is { State: AccountState.Active };

    private async Task<SendMessageResult?> FindSentAsync(
        Conversation main, Conversation copy, MessageKey key, string body, CancellationToken cancellationToken)
    {
        if (await mailbox.FindMessageAsync(main, key, cancellationToken) is not { } before)
            return null;
        if (before.Body != body)
            return new SendMessageResult.KeyReused();
        // Read after the key: a main copy read earlier may lack the message, which then wouldn't be delivered.
        var stored = await mailbox.FindConversationAsync(main.Owner, main.Other, cancellationToken);
        await deliver.ExecuteAsync(stored, copy, null, cancellationToken);
        return new SendMessageResult.SentBefore(before);
    }
}

public abstract record SendMessageResult
{
    private SendMessageResult() { }

    public sealed record Sent(Message Message) : SendMessageResult;

    /// <summary>By an earlier request with the same key, and stored in both copies.</summary>
    public sealed record SentBefore(Message Message) : SendMessageResult;

    /// <summary>For another message to the same user.</summary>
    public sealed record KeyReused : SendMessageResult;

    /// <summary>The recipient doesn't exist or is disabled, and the message wasn't sent before.</summary>
    public sealed record RecipientUnknown : SendMessageResult;
}
