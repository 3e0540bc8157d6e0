namespace Serverless.Sessions.Ending;

/// <summary>The end of a session, with its log entry, decided on the row's version <c>Expected</c>.</summary>
public sealed record SessionEnding(Session Ended, RowVersion Expected, LogEntry Entry, Notice? Notice = null)
{
    /// <summary>Per transaction: three rows each, of at most a hundred.</summary>
    public const int MaximumAtOnce = 33;

    /// <summary>How long after the decision to end a session one of its tokens may still claim to be issued, by a concurrent
    /// refresh on an instance whose clock is ahead: two seconds of clock skew and one storage call with its retries.</summary>
    public static readonly TimeSpan LastTokens = TimeSpan.FromSeconds(30);

    /// <summary>The push subscription that goes with the session; null if there was none.</summary>
    public PushSubscription? Unsubscribed { get; init; }

    public DateTimeOffset RevokedBefore => Entry.At + LastTokens;

    /// <summary>Returns null if the entry's action already says the reason.</summary>
    internal static string? ErrorOf(EndReason reason) =>
        LogAction.Of(reason).Name == reason.Name && reason != EndReason.TokenReuse ? null : reason.Name;

    public static SessionEnding Of(
        StoredSession stored, EndReason reason, DateTimeOffset now, Actor? by, Guid entryId, MacKey auditKey)
    {
        var session = stored.Session;
        var entry = new LogEntry(LogAction.Of(reason), now, session.Id, by?.Client, by?.Administrator, Error: ErrorOf(reason))
        {
            Id = entryId,
        };
        var last = AuditChain.Append(session.Audit, entry, session.UserId, auditKey, seals: true);
        var ended = session.End(reason, now, entryId) with { Audit = last.Head, Push = null };
        return new(
            ended, stored.Version, last,
            NoticeOf(reason) is { } kind ? new(kind, now, session.Id, by?.Client ?? session.Client) : null)
        {
            Unsubscribed = session.Push,
        };
    }

    private static NoticeKind? NoticeOf(EndReason reason) =>
        reason == EndReason.TokenReuse ? NoticeKind.TokenReuse
        : reason == EndReason.LocationChanged ? NoticeKind.CountryChanged
        : null;

    public Activity ToActivity() => Activity.OfEnd(Ended, Ended.Ending!, Entry.At, Entry.Client ?? Ended.Client);
}

/// <summary>The user from a device, or an administrator, whose device the user's log omits.</summary>
public sealed record Actor(ClientInfo? Client, UserId? Administrator)
{
    public static Actor Of(ClientInfo client) => new(client, null);
    public static Actor Of(UserId administrator) => new(null, administrator);
}
