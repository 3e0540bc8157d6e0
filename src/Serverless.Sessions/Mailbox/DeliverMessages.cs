namespace Serverless.Sessions.Mailbox;

/// <summary>Copies messages from the main copy of a conversation to the other, in order and without gaps. Every send and opening
/// of the conversation does it, which also delivers a message whose sender died in between.</summary>
public sealed class DeliverMessages(IMailboxStore mailbox, ScheduleRetention fileConversation, TimeProvider clock)
{
    /// <summary>The most messages per transaction, which holds 4 MiB: JSON escapes characters such as ' to six bytes, so the
    /// longest messages that the settings allow take 48 KiB each.</summary>
    public const int MaximumAtOnce = 64;

    /// <summary>Delivers the missing messages; <paramref name="last"/> is that of the main copy, if at hand. Idempotent, also
    /// concurrently; if cancelled, the next opening continues.</summary>
    internal async Task<Conversation> ExecuteAsync(Conversation main, Conversation copy, Message? last, CancellationToken cancellationToken)
    {
        var tries = new Retries(clock);
        while (copy.Last < main.Last)
        {
            var missing = last?.Number == copy.Last + 1
                ? [last]
                : await mailbox.ReadMessagesAsync(main, copy.Last + 1, main.Last, MaximumAtOnce, cancellationToken);
            // Retention may have removed them.
            if (missing.Count == 0)
                return copy;
            var brought = copy.UpTo(missing[^1]);
            await fileConversation.ExecuteAsync(copy, missing[0].SentAt, cancellationToken);
            var saved = await mailbox.TrySaveAsync(brought, missing, null, cancellationToken);
            if (saved && brought.Last == main.Last)
                return brought;
            var stored = await mailbox.FindConversationAsync(copy.Owner, copy.Other, cancellationToken);
            if (!saved && stored.Version == copy.Version)
                throw new StorageUnavailableException("The messages of a conversation don't fit its row.");
            if (!saved)
                await tries.NextAsync(cancellationToken);
            copy = stored;
        }

        return copy;
    }
}
