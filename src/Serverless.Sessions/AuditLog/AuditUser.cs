namespace Serverless.Sessions.AuditLog;

/// <summary>Verifies the records of a user's sessions, the newest first, by reading the log as a whole, for administrators.</summary>
public sealed class AuditUser(ISessionStore sessions, ILogStore logs, KeyRingSource keys)
{
    public const int MostSessions = 100;
    public const int MostEntries = 5000;

    public async Task<UserAudit> ExecuteAsync(UserId user, CancellationToken cancellationToken)
    {
        var ring = await keys.GetFreshAsync(cancellationToken);
        var first = await ReadAsync(user, ring, cancellationToken);
        if (first.Sessions.All(each => each.Verdict.IsFinal))
            return first;
        // The key may be newer than this instance's ring.
        if (first.Sessions.Any(each => each.Verdict.Break == AuditBreak.KeyUnknown))
            ring = await keys.GetNewerAsync(ring, cancellationToken);
        var second = (await ReadAsync(user, ring, cancellationToken)).Sessions.ToDictionary(each => each.Id);
        var audited = await Concurrently.FindAsync(first.Sessions, ConfirmAsync, cancellationToken);
        return new(audited, first.IsComplete && audited.Count == first.Sessions.Count);

        // A session that changed while it was read is intact the second time, or breaks elsewhere. A real break shows twice.
        async Task<AuditedSession?> ConfirmAsync(AuditedSession once, CancellationToken token)
        {
            if (once.Verdict.IsFinal)
                return once;
            if (!second.TryGetValue(once.Id, out var twice) || (twice.Verdict.Break is not null && twice.Verdict != once.Verdict))
                return null;
            // It may only be missing in the list, which leaves out a row that can't be read; then this throws.
            if (twice.Verdict.Break == AuditBreak.EndMissing)
                await sessions.FindAsync(user, once.Id, token);
            return twice;
        }
    }

    private async Task<UserAudit> ReadAsync(UserId user, KeyRing ring, CancellationToken cancellationToken)
    {
        // Before the log, so that what changes in between has too many entries, and never too few.
        var stored = (await sessions.ListAsync(user, cancellationToken)).ToDictionary(
            each => each.Stored.Session.Id, each => each.Stored.Session);
        var log = await logs.ReadAllAsync(user, MostEntries, cancellationToken);
        var (entries, cuts) = (log.Entries.ToLookup(entry => entry.SessionId), log.Cuts.ToLookup(cut => cut.SessionId));
        var found = log.Entries.Where(entry => entry.SessionId is not null && (entry.Link is not null || !entry.Action.IsOfAccount))
            .Select(entry => (Id: entry.SessionId!.Value, entry.At))
            .Concat(stored.Values.Select(session => (session.Id, At: session.LastActivityAt)))
            .GroupBy(each => each.Id, each => each.At).OrderByDescending(times => times.Max())
            .Select(times => (Id: times.Key, Log: new SessionLog([.. entries[times.Key]], cuts[times.Key].FirstOrDefault()))).ToList();
        var covered = found.Where(each => log.IsWhole || IsWhole(each.Log)).Take(MostSessions);
        AuditedSession[] audited =
        [
            .. covered.Select(each => new AuditedSession(
                each.Id, AuditVerdict.Of(user, stored.GetValueOrDefault(each.Id), each.Log, ring), each.Log.Entries.Count)),
        ];
        return new(audited, log.IsWhole && audited.Length == found.Count);
    }

    // Its first entry, or the first behind its checkpoint, was read.
    private static bool IsWhole(SessionLog log) => log.Entries.Any(entry => entry.Link?.Sequence == (log.Cut?.Head.Count ?? 0) + 1);
}

/// <summary>Newest first. <c>IsComplete</c> is false if there may be other sessions, one that can't be read among them, or entries
/// older than were read.</summary>
public sealed record UserAudit(IReadOnlyList<AuditedSession> Sessions, bool IsComplete);

/// <summary><c>Count</c> is the number of entries in its history.</summary>
public sealed record AuditedSession(SessionId Id, AuditVerdict Verdict, int Count);
