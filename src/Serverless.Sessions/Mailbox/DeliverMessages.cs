using Serverless.Sessions.Storage;

namespace Serverless.Sessions.Mailbox;

/// <summary>
/// Brings messages over from the main copy of a conversation to the other one, in their order and without a gap. Whoever sends,
/// repeats a send or opens the conversation does it, so a message whose sender died in between waits for the next of these.
/// </summary>
public sealed class DeliverMessages(IMailboxStore mailbox, ScheduleRetention fileConversation, TimeProvider clock)
{
    /// <summary>The most messages that one transaction takes. It has at most 4 MiB, and JSON writes characters such as ' as six bytes:
    /// the longest messages that can be set are 48 KiB each then.</summary>
    public const int MaximumAtOnce = 64;

    /// <summary>Brings over what is missing. Doing it twice, or beside somebody who does it too, is doing it once.</summary>
    /// <param name="main">The main copy.</param>
    /// <param name="copy">The other one.</param>
    /// <param name="last">The last message of the main copy, where it is at hand.</param>
    /// <param name="cancellationToken">Cancels; the next who opens the conversation goes on.</param>
    /// <returns>The other copy when nothing is missing.</returns>
    internal async Task<Conversation> ExecuteAsync(Conversation main, Conversation copy, Message? last, CancellationToken cancellationToken)
    {
        var tries = new Retries(clock);
        while (copy.Last < main.Last)
        {
            var missing = last?.Number == copy.Last + 1
                ? [last]
                : await mailbox.ReadMessagesAsync(main, copy.Last + 1, main.Last, MaximumAtOnce, cancellationToken);
            // Old ones may be gone by now.
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
