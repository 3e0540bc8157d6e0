using Microsoft.Extensions.Options;
using Serverless.Sessions.Accounts;

namespace Serverless.Sessions.Retention;

/// <summary>
/// Removes the notices of a user, or the messages of one copy of a conversation, that have been kept for long enough: from the first
/// on, up to the first that is younger. What stays is a row of numbers without a gap, wherever a run dies.
/// </summary>
public sealed class PurgeMail(IRetentionStore store, IOptions<RetentionOptions> options)
{
    // A message may have the row of its key beside it, and a transaction takes a hundred rows.
    private const int MostAtOnce = 50;

    // One more than what goes at once: so the read shows what falls due next.
    private const int MostRead = MostAtOnce + 1;

    private static readonly TimeSpan Later = TimeSpan.FromDays(1);

    internal Task<LogPurge> RemoveNoticesAsync(UserId user, DateTimeOffset now, Func<bool> isOver, CancellationToken cancellationToken) =>
        RemoveAsync(user, () => store.ReadOldestNoticesAsync(user, MostRead, cancellationToken), now, isOver, cancellationToken);

    internal Task<LogPurge> RemoveMessagesAsync(
        ConversationCopy copy, DateTimeOffset now, Func<bool> isOver, CancellationToken cancellationToken) =>
        RemoveAsync(copy.Owner, () => store.ReadOldestMessagesAsync(copy, MostRead, cancellationToken), now, isOver, cancellationToken);

    private async Task<LogPurge> RemoveAsync(
        UserId owner, Func<Task<IReadOnlyList<OldMail>>> read, DateTimeOffset now, Func<bool> isOver, CancellationToken cancellationToken)
    {
        var before = now.StartOfHour() - options.Value.MailboxLifetime;
        var removed = 0;
        OldMail? refused = null;
        while (true)
        {
            var oldest = await read().ConfigureAwait(false);
            var due = oldest.TakeWhile(mail => mail.At < before).Take(MostAtOnce).ToList();
            if (due.Count > 0)
            {
                if (isOver())
                    return new(removed, null) { Finished = false };
                if (!await store.TryRemoveAsync(owner, due, cancellationToken).ConfigureAwait(false))
                {
                    // Another run was there, or our own first try, whose reply was lost. Where it wasn't, somebody took a key away by
                    // hand, and that must not hold up all others.
                    if (due[0].Row == refused?.Row)
                        return new(removed, now + Later);
                    refused = due[0];
                    continue;
                }

                removed += due.Count;
            }

            if (oldest.Count == due.Count && oldest.Count < MostRead)
                return new(removed, null);
            if (oldest[due.Count].At >= before)
                return new(removed, oldest[due.Count].At + options.Value.MailboxLifetime);
        }
    }
}
