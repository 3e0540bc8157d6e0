namespace Serverless.Sessions.AuditLog;

/// <summary>Reads and verifies the record of a session, for administrators: the cost grows with the record.</summary>
public sealed class AuditSession(ISessionStore sessions, ILogStore logs, KeyRingSource keys)
{
    // A busy session can change while it is read; it soon pauses long enough.
    private const int MostTries = 5;

    public async Task<AuditReport?> ExecuteAsync(UserId user, SessionId id, CancellationToken cancellationToken)
    {
        var ring = await keys.GetFreshAsync(cancellationToken);
        var before = await sessions.FindAsync(user, id, cancellationToken);
        AuditVerdict? broken = null;
        for (var tries = 0; tries < MostTries; tries++)
        {
            var log = await logs.ReadOfAsync(user, id, cancellationToken);
            var after = await sessions.FindAsync(user, id, cancellationToken);
            if (before?.Version == after?.Version)
            {
                if (log is { Entries.Count: 0, Cut: null } && after is null)
                    return null;
                var verdict = AuditVerdict.Of(user, after?.Session, log, ring);
                // The key may be newer than this instance's ring; if the ring can't be read, fail rather than report a break.
                if (verdict.Break == AuditBreak.KeyUnknown)
                {
                    ring = await keys.GetNewerAsync(ring, cancellationToken);
                    verdict = AuditVerdict.Of(user, after?.Session, log, ring);
                }

                // Retention may have cut between two pages without touching the session's row. A real break shows twice.
                if (verdict.Break is null || verdict == broken)
                {
                    return new(
                        [.. log.Entries.OrderByDescending(entry => entry.At).ThenByDescending(entry => entry.Link?.Sequence)],
                        (log.Cut?.Head.Count ?? 0) + 1, verdict);
                }

                broken = verdict;
            }

            before = after;
        }

        throw new StorageUnavailableException("The session changes faster than its record can be read.") { IsOneRow = true };
    }
}

/// <summary>Entries newest first; <c>First</c> is the position in the chain of the oldest one that retention has kept.</summary>
public sealed record AuditReport(IReadOnlyList<LogEntry> Entries, int First, AuditVerdict Verdict);
