namespace Serverless.Sessions.Mailbox;

/// <summary>Copies messages from the main copy of a conversation to the other, in order and without gaps. Every send and opening
/// of the conversation does it, which also delivers a message whose sender died in between.</summary>
public sealed class DeliverMessages(
    IMailboxStore mailbox, IEpochStore epochs, IRetentionStore retention, IOptions<RetentionOptions> options, TimeProvider clock)
{
    /// <summary>Per transaction, which holds 4 MiB: JSON escapes characters such as ' to six bytes, so the longest messages that
    /// the settings allow take 48 KiB each.</summary>
    public const int MaximumAtOnce = 64;

    // Far more than clock skew and a send take, so that the purge comes after the message is stored.
    private static readonly TimeSpan Margin = TimeSpan.FromDays(1);

    /// <summary>Delivers the missing messages; <paramref name="last"/> is that of the main copy, if at hand. Idempotent, also
    /// concurrently; if cancelled, the next opening continues.</summary>
    internal async Task<Conversation> ExecuteAsync(Conversation main, Conversation copy, Message? last, CancellationToken cancellationToken)
    {
        // A participant without a copy was erased, unless the first message is on its way; a sender has just checked.
        if (last is null && copy.Version is null && main.Last > 0
            && await epochs.FindAccountKeyAsync(copy.Owner, cancellationToken) is null)
        {
            return copy;
        }

        var tries = new Retries(clock);
        while (copy.Last < main.Last)
        {
            var missing = last?.Number == copy.Last + 1
                ? [last]
                : await mailbox.ReadMessagesAsync(main, copy.Last + 1, main.Last, MaximumAtOnce, cancellationToken);
            // Retention may have removed them.
            if (missing.Count == 0)
                return copy;
            var saved = await TryAddAsync(copy, missing, null, cancellationToken);
            if (saved && missing[^1].Number == main.Last)
                return copy.UpTo(missing[^1]);
            var stored = await mailbox.FindConversationAsync(copy.Owner, copy.Other, cancellationToken);
            if (!saved && stored.Version == copy.Version)
                throw new StorageUnavailableException("The messages of a conversation don't fit its row.");
            if (!saved)
                await tries.NextAsync(cancellationToken);
            copy = stored;
        }

        return copy;
    }

    /// <summary>Schedules the copy for retention first, so a crash in between costs one idle purge. It stays scheduled while it
    /// has messages.</summary>
    internal async Task<bool> TryAddAsync(
        Conversation copy, IReadOnlyList<Message> added, MessageKey? key, CancellationToken cancellationToken)
    {
        var (lifetime, soonest) = (options.Value.MailboxLifetime, clock.Now() + Margin);
        // After a pause as long as the retention, schedule anyway: a restore or an older release may have lost the entry.
        if (copy.RetentionScheduled != true || copy.LastAt + lifetime <= soonest)
        {
            var due = added[0].SentAt + lifetime;
            await retention.ScheduleAsync(
                new ConversationCopy(copy.Owner, copy.Other), due > soonest ? due : soonest, cancellationToken);
        }

        return await mailbox.TrySaveAsync(copy.UpTo(added[^1]), added, key, cancellationToken);
    }
}
