using Serverless.Sessions.Record;

namespace Serverless.Sessions;

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

    /// <summary>The access tokens that were issued before this time are void.</summary>
    public DateTimeOffset RevokedBefore => Entry.At + LastTokens;

    /// <summary>Ends a session that is good.</summary>
    public static SessionEnding Of(StoredSession stored, EndReason reason, DateTimeOffset now, Requester? by, Guid entryId)
    {
        ArgumentNullException.ThrowIfNull(stored);
        var action = LogAction.Of(reason);
        var entry = new LogEntry
        {
            Id = entryId,
            Action = action,
            At = now,
            SessionId = stored.Session.Id,
            Client = by?.Client,
            Administrator = by?.Administrator,
            Error = action.Name == reason.Name && reason != EndReason.TokenReuse ? null : reason.Name,
        };
        return new(stored.Session.End(reason, now, entryId), stored.Version, entry);
    }

    /// <summary>The same for the timeline. Several who end a session at the same time all record it; its id says that it is
    /// one ending.</summary>
    public Activity ToActivity() =>
        Activity.OfEnd(Ended, Ended.Ending!, Entry.At, Entry.Client ?? Ended.Client);
}
