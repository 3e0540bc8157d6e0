using Serverless.Sessions.Accounts;
using Serverless.Sessions.Storage;

namespace Serverless.Sessions.Mailbox;

/// <summary>
/// Sends a message. It gets its number in the main copy of the conversation, in one transaction with its key; then it is brought
/// over to the other copy. A crash in between is harmless: the sender has no answer and repeats the request, whose key finds the
/// message; and whoever writes next or opens the conversation brings it over, too, ahead of what comes after it.
/// </summary>
public sealed class SendMessage(
    IMailboxStore mailbox, Recipients recipients, DeliverMessages deliver, ScheduleRetention fileConversation, TimeProvider clock)
{
    /// <summary>Sends one.</summary>
    /// <param name="from">Who sends it.</param>
    /// <param name="to">To whom; somebody else.</param>
    /// <param name="body">What it says.</param>
    /// <param name="idempotencyKey">What the sender calls it.</param>
    /// <param name="cancellationToken">Cancels; what is stored in the main copy by then is brought over by the next who opens the conversation.</param>
    public async Task<SendMessageResult> ExecuteAsync(
        UserId from, UserId to, string body, string idempotencyKey, CancellationToken cancellationToken)
    {
        var asked = recipients.AcceptAsync(to, cancellationToken).AsTask();
        var mine = mailbox.FindConversationAsync(from, to, cancellationToken);
        var theirs = mailbox.FindConversationAsync(to, from, cancellationToken);
        await Task.WhenAll(asked, mine, theirs);
        var (main, copy) = (await mine, await theirs);
        if (copy.IsMain)
            (main, copy) = (copy, main);

        var key = MessageKey.Of(from, to, idempotencyKey);
        // What was sent while the recipient could be written to stays sent, and its sender may not have heard of it.
        if (!await asked)
            return await FindSentAsync(main, copy, key, body, cancellationToken) ?? new SendMessageResult.RecipientUnknown();
        for (var tries = new Retries(clock); ; await tries.NextAsync(cancellationToken))
        {
            var message = main.Next(from, body, clock.Now());
            await fileConversation.ExecuteAsync(main, message.SentAt, cancellationToken);
            if (await mailbox.TrySaveAsync(main.UpTo(message), [message], key, cancellationToken))
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

    private async Task<SendMessageResult?> FindSentAsync(
        Conversation main, Conversation copy, MessageKey key, string body, CancellationToken cancellationToken)
    {
        if (await mailbox.FindMessageAsync(main, key, cancellationToken) is not { } before)
            return null;
        if (before.Body != body)
            return new SendMessageResult.KeyReused();
        // Read behind the key: a main copy that was read ahead of it may lack the message, and then it wouldn't be brought over.
        var stored = await mailbox.FindConversationAsync(main.Owner, main.Other, cancellationToken);
        await deliver.ExecuteAsync(stored, copy, null, cancellationToken);
        return new SendMessageResult.SentBefore(before);
    }
}

/// <summary>What became of a message.</summary>
public abstract record SendMessageResult
{
    private SendMessageResult()
    {
    }

    /// <summary>Both have it.</summary>
    /// <param name="Message">The message.</param>
    public sealed record Sent(Message Message) : SendMessageResult;

    /// <summary>Both have it since the request was sent before.</summary>
    /// <param name="Message">The message, as it was then.</param>
    public sealed record SentBefore(Message Message) : SendMessageResult;

    /// <summary>The sender called another message to the same user that.</summary>
    public sealed record KeyReused : SendMessageResult;

    /// <summary>There is nobody of this id to write to, and the message wasn't sent before either.</summary>
    public sealed record RecipientUnknown : SendMessageResult;
}
