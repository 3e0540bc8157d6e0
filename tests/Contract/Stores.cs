namespace Serverless.Testing;

public sealed record Stores(
    IAccountStore Accounts,
    IEpochStore Epochs,
    ISessionStore Sessions,
    ILogStore Log,
    IPresenceStore Presence,
    IMailboxStore Mailbox,
    ITimeline Timeline,
    ISuspiciousIpStore SuspiciousIps,
    ITimerCursors Cursors,
    ISecurityEventStore SecurityEvents,
    IStatisticsStore Statistics,
    IRetentionStore Retention,
    IKeyRingStore Keys)
{
    public UnreadableRows Unreadable { get; init; } = new(NullLogger<UnreadableRows>.Instance);
}
