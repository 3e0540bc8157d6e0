using Serverless.Sessions.AuditLog;
using Serverless.Sessions.Mailbox;
using Serverless.Sessions.Sessions;
using Serverless.Sessions.Timeline;
using Serverless.Sessions.Tokens;

namespace Serverless.Sessions.Ending;

/// <summary>One session's end as it is stored: the ended state, the state it must still be in, and the log entry.</summary>
/// <param name="Ended">The session, ended.</param>
/// <param name="Expected">The state of the row that the decision saw.</param>
/// <param name="Entry">The entry that goes with it.</param>
public sealed record SessionEnding(Session Ended, RowVersion Expected, LogEntry Entry)
{
    /// <summary>The most endings that one transaction takes: three rows each, of at most a hundred.</summary>
    public const int MaximumAtOnce = 33;

    /// <summary>
    /// How long after the decision to end a session a token of it may still say that it was issued: by a refresh that read the
    /// session before the end was stored, on an instance whose clock is ahead. It covers two seconds between two clocks and one
    /// call to storage with its retries; a session that ended issues none later, so it voids nothing that is good.
    /// </summary>
    public static readonly TimeSpan LastTokens = TimeSpan.FromSeconds(30);

    /// <summary>What the user is told of it; null for nothing.</summary>
    public Notice? Notice { get; private init; }

    /// <summary>The access tokens that were issued before this time are void.</summary>
    public DateTimeOffset RevokedBefore => Entry.At + LastTokens;

    /// <summary>What the entry of an ending says of its reason, where its action doesn't.</summary>
    internal static string? ErrorOf(EndReason reason) =>
        LogAction.Of(reason).Name == reason.Name && reason != EndReason.TokenReuse ? null : reason.Name;

    /// <summary>Ends a session that is good.</summary>
    /// <param name="by">Who asked; null where nobody did.</param>
    /// <param name="entryId">The identity of the log entry.</param>
    /// <param name="auditKey">The key that seals the session's record.</param>
    public static SessionEnding Of(
        StoredSession stored, EndReason reason, DateTimeOffset now, Actor? by, Guid entryId, MacKey auditKey)
    {
        var session = stored.Session;
        var entry = new LogEntry
        {
            Id = entryId,
            Action = LogAction.Of(reason),
            At = now,
            SessionId = session.Id,
            Client = by?.Client,
            Administrator = by?.Administrator,
            Error = ErrorOf(reason),
        };
        var last = AuditChain.Append(session.Audit, entry, session.UserId, auditKey, seals: true);
        return new(session.End(reason, now, entryId) with { Audit = last.Head }, stored.Version, last)
        {
            Notice = reason == EndReason.TokenReuse ? new(NoticeKind.TokenReuse, now, session.Id, by?.Client ?? session.Client) : null,
        };
    }

    /// <summary>The same for the timeline. Several who end a session at the same time all record it; its id says that it is
    /// one ending.</summary>
    public Activity ToActivity() =>
        Activity.OfEnd(Ended, Ended.Ending!, Entry.At, Entry.Client ?? Ended.Client);
}
