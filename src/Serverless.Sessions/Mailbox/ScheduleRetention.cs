using Microsoft.Extensions.Options;
using Serverless.Sessions.AuditLog;

namespace Serverless.Sessions.Mailbox;

/// <summary>
/// Has retention look at a copy of a conversation once its oldest message falls due. Whoever adds to a copy that isn't filed files it
/// first. A copy stays filed while it has messages, since a look that leaves one files it again.
/// </summary>
public sealed class ScheduleRetention(IRetentionStore store, IOptions<RetentionOptions> options, TimeProvider clock)
{
    // Far more than what clocks differ and a sender needs: nobody looks before the message is there.
    private static readonly TimeSpan Margin = TimeSpan.FromDays(1);

    /// <summary>Does it, ahead of the write that adds: who dies in between leaves a look that finds nothing.</summary>
    /// <param name="copy">The copy as it was read.</param>
    /// <param name="first">When the first of the added messages was sent.</param>
    internal async Task ExecuteAsync(Conversation copy, DateTimeOffset first, CancellationToken cancellationToken)
    {
        var (lifetime, soonest) = (options.Value.MailboxLifetime, clock.Now() + Margin);
        // Behind a pause as long as messages are kept it is filed anyway: a restore, or a release of before, may have lost its place.
        if (copy.Filed == true && copy.LastAt + lifetime > soonest)
            return;
        var due = first + lifetime;
        await store.FileAsync(new ConversationCopy(copy.Owner, copy.Other), due > soonest ? due : soonest, cancellationToken);
    }
}
