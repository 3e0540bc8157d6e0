namespace Serverless.Sessions.AuditLog;

/// <summary>Verifies the records of a user's sessions, the newest first, by one reading of the log, for administrators.</summary>
public sealed class ReadAudits(ISessionStore sessions, ILogStore logs, ReadAudit readAudit, KeyRingSource keys)
{
    public const int MostSessions = 100;
    public const int MostEntries = 5000;

    public async Task<UserAudit> ExecuteAsync(UserId user, CancellationToken cancellationToken)
    {
        var ring = await keys.GetFreshAsync(cancellationToken);
        // Before the log, so that what changes in between has too many entries, and never too few.
        var stored = (await sessions.ListAsync(user, cancellationToken)).ToDictionary(
            each => each.Stored.Session.Id, each => each.Stored.Session);
        var log = await logs.ReadAllAsync(user, MostEntries, cancellationToken);
        var (entries, cuts) = (log.Entries.ToLookup(entry => entry.SessionId), log.Cuts.ToLookup(cut => cut.SessionId));
        var found = log.Entries.Where(entry => entry.SessionId is not null && (entry.Link is not null || !entry.Action.IsOfAccount))
            .Select(entry => (Id: entry.SessionId!.Value, entry.At))
            .Concat(stored.Values.Select(session => (session.Id, At: session.LastActivityAt)))
            .GroupBy(each => each.Id, each => each.At).OrderByDescending(times => times.Max()).Select(times => times.Key).ToList();
        var covered = found.Where(id => log.IsWhole || IsWhole(LogOf(id))).Take(MostSessions).ToList();
        var audited = await Concurrently.FindAsync(covered, AuditAsync, cancellationToken);
        return new(audited, log.IsWhole && audited.Count == found.Count);

        SessionLog LogOf(SessionId id) => new([.. entries[id]], cuts[id].FirstOrDefault());

        // What isn't intact may only have changed meanwhile, so that is read again on its own; what has no chain never gets one.
        async Task<AuditedSession?> AuditAsync(SessionId id, CancellationToken token)
        {
            var verdict = AuditVerdict.Of(user, stored.GetValueOrDefault(id), LogOf(id), ring);
            return verdict.Break is null or AuditBreak.NotChained ? new(id, verdict, LogOf(id).Entries.Count)
                : await readAudit.ExecuteAsync(user, id, token) is { } report ? new(id, report.Verdict, report.Entries.Count) : null;
        }
    }

    // Its first entry, or the first behind its checkpoint, was read.
    private static bool IsWhole(SessionLog log) => log.Entries.Any(entry => entry.Link?.Sequence == (log.Cut?.Head.Count ?? 0) + 1);
}

/// <summary>Newest first. <c>IsComplete</c> is false if there may be other sessions, one that can't be read among them, or entries
/// older than were read.</summary>
public sealed record UserAudit(IReadOnlyList<AuditedSession> Sessions, bool IsComplete);

/// <summary><c>Count</c> is the number of entries in its history.</summary>
public sealed record AuditedSession(SessionId Id, AuditVerdict Verdict, int Count);
