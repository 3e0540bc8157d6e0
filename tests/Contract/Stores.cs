using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Sessions.Accounts;
using Serverless.Sessions.AuditLog;
using Serverless.Sessions.Mailbox;
using Serverless.Sessions.Presence;
using Serverless.Sessions.Sessions;
using Serverless.Sessions.Storage;
using Serverless.Sessions.Timeline;
using Serverless.Sessions.Tokens;

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
