using Serverless.Sessions.Accounts;
using Serverless.Sessions.AuditLog;
using Serverless.Sessions.Sessions;
using Serverless.Sessions.Storage;
using Serverless.Sessions.Telemetry;
using Serverless.Sessions.Timeline;
using Serverless.Sessions.Tokens;

namespace Serverless.Sessions.Ending;

/// <summary>
/// Removes what has expired, hour by hour of the timeline: its cost is in proportion to what fell due, never to what exists.
/// An entry of the timeline goes last, so a run that dies anywhere is taken up by the next one. Nothing depends on it for
/// being right: an expired session is refused whether or not it was purged.
/// </summary>
public sealed class PurgeExpiredSessions(
    ISessionStore sessions, ITimeline timeline, KeyRingSource keys, UnreadableRows unreadable, TimeProvider clock, SessionMetrics metrics)
{
    // Storage answers in milliseconds, and a function instance has few cores: this many at once keep it busy.
    private const int AtOnce = 16;

    // Endings are recorded for the timers by the hundred, so this many sessions are looked at before any is removed.
    private const int LookedAtTogether = 1_000;

    private static readonly TimeSpan Later = TimeSpan.FromDays(1);

    /// <summary>Purges all hours that are over, or as many as the time allows.</summary>
    public async Task<PurgeReport> ExecuteAsync(CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var now = clock.Now();
        var seenUnreadable = unreadable.Watch();
        var report = new PurgeReport();
        List<(DueBatch Batch, Looked[] Sessions)> together = [];
        // A run that died between filing a session anew and dropping its old entry left two. Nothing of it may be written twice at once.
        var seen = new HashSet<(UserId, SessionId)>();
        await foreach (var batch in timeline.ReadDueAsync(now, cancellationToken))
        {
            var entries = batch.Sessions.Select(due => (Due: due, IsFirst: seen.Add((due.UserId, due.SessionId)))).ToList();
            together.Add((batch, await ForEachAsync(
                entries,
                (entry, token) => entry.IsFirst ? LookAtAsync(entry.Due, now, token) : Task.FromResult(new Looked(entry.Due, Outcome.Missing)),
                cancellationToken)));
            if (together.Sum(each => each.Sessions.Length) < LookedAtTogether)
                continue;
            await ClearAsync();
            if (!report.Finished)
                break;
        }

        if (report.Finished)
            await ClearAsync();
        return report with { Unreadable = seenUnreadable.Count };

        // Recorded before it is removed, since nothing tells of it afterwards; should the run end between the two, the next one
        // records it again, and who counts endings counts the first.
        async Task ClearAsync()
        {
            await RecordAsync(together.SelectMany(each => each.Sessions), now, cancellationToken);
            foreach (var (batch, sessions) in together)
            {
                var outcomes = await ForEachAsync(sessions, (looked, token) => RemoveAsync(looked, now, token), cancellationToken);
                report = report.With(outcomes);
                SessionDue[] done = [.. batch.Sessions.Zip(outcomes).Where(each => each.Second != Outcome.Left).Select(each => each.First)];
                if (done.Length > 0)
                    await timeline.RemoveAsync(batch with { Sessions = done }, cancellationToken);
                if (clock.GetElapsedTime(started) > TimerRun.MaximumDuration)
                {
                    report = report with { Finished = false };
                    return;
                }
            }

            together.Clear();
            seen.Clear();
        }
    }

    private static async Task<TResult[]> ForEachAsync<T, TResult>(
        IReadOnlyList<T> all, Func<T, CancellationToken, Task<TResult>> action, CancellationToken cancellationToken)
    {
        var results = new TResult[all.Count];
        await Parallel.ForAsync(
            0,
            all.Count,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (i, token) => results[i] = await action(all[i], token));
        return results;
    }

    private async Task<Looked> LookAtAsync(SessionDue due, DateTimeOffset now, CancellationToken cancellationToken)
    {
        StoredSession? stored;
        try
        {
            stored = await sessions.FindAsync(due.UserId, due.SessionId, cancellationToken);
        }
        catch (StorageUnavailableException exception) when (exception.IsOneRow)
        {
            // Looked at once a day, until somebody has mended it or taken it away.
            await timeline.ScheduleExpiryAsync(due with { At = now + Later }, cancellationToken);
            return new(due, Outcome.Unreadable);
        }

        if (stored is null)
            return new(due, Outcome.Missing);

        var session = stored.Session;
        if (Lifetime.EndingAt(now, session.ExpiresAt, session.AbsoluteExpiresAt) is not { } expired)
        {
            await timeline.ScheduleExpiryAsync(due with { At = session.ExpiresAt }, cancellationToken);
            return new(due, Outcome.Refiled);
        }

        return session.Ending is null ? new(due, Outcome.Expired, stored, expired) : new(due, Outcome.Ended, stored);
    }

    private async Task RecordAsync(IEnumerable<Looked> looked, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var endings = looked.Where(each => each.Expired is not null)
            .Select(each => Activity.OfEnd(each.Over!.Session, each.Expired!, now, each.Over.Session.Client));
        foreach (var chunk in endings.Chunk(ITimeline.MostActivitiesAtOnce))
            await timeline.RecordTogetherAsync(chunk, cancellationToken);
    }

    private async Task<Outcome> RemoveAsync(Looked looked, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var tries = new Retries(clock);
        while (looked.Over is { } stored)
        {
            var ring = await keys.GetAsync(cancellationToken);
            var entry = looked.Expired is { } expired ? ToLogEntry(stored.Session, expired, now, ring.AuditKeyAt(now)) : null;
            if (await sessions.TryRemoveAsync(stored, entry, cancellationToken))
            {
                if (looked.Expired is { } ending)
                    metrics.CountEnding(ending.Reason);
                break;
            }

            // One session that can't be removed holds up no other; the next run looks at it again.
            if (!await tries.TryNextAsync(cancellationToken))
                return Outcome.Left;
            looked = await LookAtAsync(looked.Due, now, cancellationToken);
        }

        return looked.Outcome;
    }

    private static LogEntry ToLogEntry(Session session, SessionEnd expired, DateTimeOffset now, MacKey auditKey) => AuditChain.Append(
        session.Audit,
        new()
        {
            Action = LogAction.SessionExpired,
            At = now,
            SessionId = session.Id,
            Client = session.Client,
            Error = expired.Reason.Name,
        },
        session.UserId,
        auditKey,
        seals: true);

    /// <param name="Due">The entry of the timeline.</param>
    /// <param name="Outcome">What becomes of it.</param>
    /// <param name="Over">The session that is to be removed.</param>
    /// <param name="Expired">Its end, where nobody ended it before.</param>
    private sealed record Looked(SessionDue Due, Outcome Outcome, StoredSession? Over = null, SessionEnd? Expired = null);

    internal enum Outcome
    {
        Expired,
        Ended,
        Refiled,
        Missing,
        Unreadable,
        Left,
    }
}

/// <summary>What a purge did.</summary>
public sealed record PurgeReport
{
    /// <summary>Sessions that had expired and were removed, each with its log entry.</summary>
    public int Expired { get; private init; }

    /// <summary>Sessions that somebody had ended before and whose tombstone was removed.</summary>
    public int Ended { get; private init; }

    /// <summary>Sessions that live on and were filed under their new expiry hour.</summary>
    public int Refiled { get; private init; }

    /// <summary>Entries whose session was never opened or is gone already.</summary>
    public int Missing { get; private init; }

    /// <summary>Rows that couldn't be read and were stepped over.</summary>
    public int Unreadable { get; init; }

    /// <summary>Whether all due hours were dealt with; otherwise the next run goes on.</summary>
    public bool Finished { get; init; } = true;

    internal PurgeReport With(IReadOnlyCollection<PurgeExpiredSessions.Outcome> outcomes)
    {
        int Count(PurgeExpiredSessions.Outcome outcome) => outcomes.Count(each => each == outcome);
        return this with
        {
            Expired = Expired + Count(PurgeExpiredSessions.Outcome.Expired),
            Ended = Ended + Count(PurgeExpiredSessions.Outcome.Ended),
            Refiled = Refiled + Count(PurgeExpiredSessions.Outcome.Refiled),
            Missing = Missing + Count(PurgeExpiredSessions.Outcome.Missing),
        };
    }
}
