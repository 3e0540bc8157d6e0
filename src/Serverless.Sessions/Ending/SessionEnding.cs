namespace Serverless.Sessions.Ending;

/// <summary>The end of a session, with its log entry, decided on the row's version <c>Expected</c>.</summary>
public sealed record SessionEnding(Session Ended, RowVersion Expected, LogEntry Entry, Notice? Notice = null)
{
    /// <summary>The most ends per transaction: three rows each, of at most a hundred.</summary>
    public const int MaximumAtOnce = 33;

    /// <summary>How long after the decision to end a session one of its tokens may still claim to be issued, by a concurrent
    /// refresh on an instance whose clock is ahead: two seconds of clock skew and one storage call with its retries.</summary>
    public static readonly TimeSpan LastTokens = TimeSpan.FromSeconds(30);

    /// <summary>Access tokens issued before this time are void.</summary>
    public DateTimeOffset RevokedBefore => Entry.At + LastTokens;

    /// <summary>Returns null if the entry's action already says the reason.</summary>
    internal static string? ErrorOf(EndReason reason) =>
        LogAction.Of(reason).Name == reason.Name && reason != EndReason.TokenReuse ? null : reason.Name;

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
        return new(
            session.End(reason, now, entryId) with { Audit = last.Head },
            stored.Version,
            last,
            reason == EndReason.TokenReuse ? new(NoticeKind.TokenReuse, now, session.Id, by?.Client ?? session.Client) : null);
    }

    /// <summary>Returns the activity of this end. Concurrent requests each record one, under one id, so it counts once.</summary>
    public Activity ToActivity() => Activity.OfEnd(Ended, Ended.Ending!, Entry.At, Entry.Client ?? Ended.Client);
}
