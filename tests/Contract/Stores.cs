namespace Serverless.Testing;

/// <summary>One set of stores, of whatever kind.</summary>
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
    /// <summary>Who is told of rows that they can't read.</summary>
    public UnreadableRows Unreadable { get; init; } = new(NullLogger<UnreadableRows>.Instance);
}
