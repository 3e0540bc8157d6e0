using Serverless.Sessions.Accounts;
using Serverless.Sessions.Sessions;
using Serverless.Sessions.Storage;
using Serverless.Sessions.Tokens;

namespace Serverless.Sessions.AuditLog;

/// <summary>The whole record of one session, and whether it is as it was written. For administrators: its cost grows with the record.</summary>
public sealed class ReadAudit(ISessionStore sessions, ILogStore logs, KeyRingSource keys)
{
    // A session that is refreshed all the time changes under the reading; it is quiet soon enough.
    private const int MostTries = 5;

    /// <summary>Reads it.</summary>
    /// <returns>Null where nothing is known of such a session.</returns>
    /// <exception cref="StorageUnavailableException">It can't be read, or changes faster than it can be.</exception>
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
                // The key may be younger than the ring of this instance; where that can't be found out, nothing is said.
                if (verdict.Break == AuditBreak.KeyUnknown)
                {
                    ring = await keys.GetNewerAsync(ring, cancellationToken);
                    verdict = AuditVerdict.Of(user, after?.Session, log, ring);
                }

                // Retention may have cut between two pages, without a trace in the session's row. What is broken stays so.
                if (verdict.Break is null || verdict == broken)
                {
                    return new(
                        [.. log.Entries.OrderByDescending(entry => entry.At).ThenByDescending(entry => entry.Link?.Sequence)],
                        (log.Cut?.Head.Count ?? 0) + 1,
                        verdict);
                }

                broken = verdict;
            }

            before = after;
        }

        throw new StorageUnavailableException("The session changes faster than its record can be read.");
    }
}

/// <summary>The record of a session.</summary>
/// <param name="Entries">Its entries, newest first, and those of one instant as they follow each other.</param>
/// <param name="First">The place in the history of the first entry that retention has left: 1 where it has removed none.</param>
/// <param name="Verdict">Whether they are what was written.</param>
public sealed record AuditReport(IReadOnlyList<LogEntry> Entries, int First, AuditVerdict Verdict);
