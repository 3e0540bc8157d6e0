namespace Serverless.Sessions.Mailbox;

/// <summary>Schedules a copy of a conversation for retention when its oldest message falls due. A writer schedules an unscheduled
/// copy first. The copy stays scheduled while it has messages, as a purge that leaves some schedules it again.</summary>
public sealed class ScheduleRetention(IRetentionStore store, IOptions<RetentionOptions> options, TimeProvider clock)
{
    // Far more than clock skew and a send take, so that the purge comes after the message is stored.
    private static readonly TimeSpan Margin = TimeSpan.FromDays(1);

    /// <summary>Schedules the copy before messages are added: a crash in between costs one idle purge.</summary>
    internal async Task ExecuteAsync(Conversation copy, DateTimeOffset first, CancellationToken cancellationToken)
    {
        var (lifetime, soonest) = (options.Value.MailboxLifetime, clock.Now() + Margin);
        // After a pause as long as the retention, schedule anyway: a restore or an older release may have lost the entry.
        if (copy.RetentionScheduled == true && copy.LastAt + lifetime > soonest)
            return;
        var due = first + lifetime;
        await store.ScheduleAsync(new ConversationCopy(copy.Owner, copy.Other), due > soonest ? due : soonest, cancellationToken);
    }
}
