namespace Serverless.Sessions.Mailbox;

/// <summary>Removes a user's notices, or the messages of one copy of a conversation, past their retention: from the oldest up to
/// the first that is younger, so the numbers that remain have no gap wherever a run dies.</summary>
public sealed class PurgeMail(IRetentionStore store, IMailboxStore mailbox, IOptions<RetentionOptions> options, TimeProvider clock)
{
    // A transaction holds a hundred rows: each message with its key's row, and the conversation's row.
    private const int MostAtOnce = 49;

    // One more than is removed at once, to see what falls due next.
    private const int MostRead = MostAtOnce + 1;

    /// <summary>Purges the messages of <paramref name="copy"/>, or the user's notices if that is null. A null
    /// <paramref name="user"/>, an email without an account, has neither.</summary>
    internal async Task<LogPurge> ExecuteAsync(
        UserId? user, ConversationCopy? copy, DateTimeOffset now, Func<bool> isOver, CancellationToken cancellationToken)
    {
        if (user is not { } owner)
            return new(0, null);
        var before = now.StartOfHour() - options.Value.MailboxLifetime;
        var removed = 0;
        var tries = new Retries(clock);
        while (true)
        {
            var oldest = copy is { } read
                ? await store.ReadOldestMessagesAsync(read, MostRead, cancellationToken)
                : await store.ReadOldestNoticesAsync(owner, MostRead, cancellationToken);
            var due = oldest.TakeWhile(mail => mail.At < before).Take(MostAtOnce).ToList();
            var isAll = due.Count == oldest.Count;
            if (due.Count > 0)
            {
                if (isOver())
                    return new(removed, null, Finished: false);
                // Read after the messages: if it reaches further, one was added in the meantime, and the copy stays scheduled.
                var conversation = isAll && copy is not null
                    ? await mailbox.FindConversationAsync(owner, copy.Value.Other, cancellationToken)
                    : null;
                isAll &= conversation is null || conversation.Last == due[^1].Number;
                if (!await store.TryRemoveAsync(owner, due, isAll ? conversation?.WithoutMessages() : null, cancellationToken))
                {
                    // Another run or a sender was first, or our own write's reply was lost; otherwise an operator removed a key.
                    // One copy must not block the others.
                    if (!await tries.TryNextAsync(cancellationToken))
                        return new(removed, now + TimerRun.Later);
                    continue;
                }

                removed += due.Count;
            }

            if (isAll)
                return new(removed, null);
            if (oldest.Count > due.Count && oldest[due.Count].At >= before)
                return new(removed, oldest[due.Count].At + options.Value.MailboxLifetime);
        }
    }
}
