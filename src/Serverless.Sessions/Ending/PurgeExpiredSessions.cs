namespace Serverless.Sessions.Ending;

/// <summary>Removes expired sessions, at a cost in proportion to what fell due. A timeline entry is removed last, so the next run
/// picks up where a dead one stopped; an expired session is refused, purged or not.</summary>
public sealed class PurgeExpiredSessions(
    ISessionStore sessions, ITimeline timeline, KeyRingSource keys, UnreadableRows unreadable, TimeProvider clock, SessionMetrics metrics)
{
    // Storage answers in milliseconds and an instance has few cores: this many calls at once keep it busy.
    private const int AtOnce = 16;

    // Ends are recorded in batches of a hundred, so read this many sessions before removing any.
    private const int LookedAtTogether = 1_000;

    private static readonly TimeSpan Later = TimeSpan.FromDays(1);

    public async Task<PurgeReport> ExecuteAsync(CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var now = clock.Now();
        var seenUnreadable = unreadable.Watch();
        var report = new PurgeReport();
        List<(DueBatch Batch, InspectedSession[] Sessions)> together = [];
        // A run that died between rescheduling a session and removing its old entry left two; don't write for both at once.
        var seen = new HashSet<(UserId, SessionId)>();
        await foreach (var batch in timeline.ReadDueAsync(now, cancellationToken))
        {
            var entries = batch.Sessions.Select(due => (Due: due, IsFirst: seen.Add((due.UserId, due.SessionId)))).ToList();
            together.Add((batch, await ForEachAsync(
                entries,
                (entry, token) => entry.IsFirst ? InspectAsync(entry.Due, now, token) : Task.FromResult(new InspectedSession(entry.Due, Outcome.Missing)),
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

        // Recorded before removal, since nothing else holds it. A run that dies in between makes the next one record it again,
        // and readers count the first.
        async Task ClearAsync()
        {
            await RecordAsync(together.SelectMany(each => each.Sessions), now, cancellationToken);
            foreach (var (batch, sessions) in together)
            {
                var outcomes = await ForEachAsync(sessions, (inspected, token) => RemoveAsync(inspected, now, token), cancellationToken);
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

    private async Task<InspectedSession> InspectAsync(SessionDue due, DateTimeOffset now, CancellationToken cancellationToken)
    {
        StoredSession? stored;
        try
        {
            stored = await sessions.FindAsync(due.UserId, due.SessionId, cancellationToken);
        }
        catch (StorageUnavailableException exception) when (exception.IsOneRow)
        {
            // Retried once a day until the row is repaired or removed.
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

    private async Task RecordAsync(IEnumerable<InspectedSession> inspected, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var endings = inspected.Where(each => each.Expired is not null)
            .Select(each => Activity.OfEnd(each.Over!.Session, each.Expired!, now, each.Over.Session.Client));
        foreach (var chunk in endings.Chunk(ITimeline.MostActivitiesAtOnce))
            await timeline.RecordTogetherAsync(chunk, cancellationToken);
    }

    private async Task<Outcome> RemoveAsync(InspectedSession inspected, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var tries = new Retries(clock);
        while (inspected.Over is { } stored)
        {
            var ring = await keys.GetAsync(cancellationToken);
            var entry = inspected.Expired is { } expired ? ToLogEntry(stored.Session, expired, now, ring.AuditKeyAt(now)) : null;
            if (await sessions.TryRemoveAsync(stored, entry, cancellationToken))
            {
                if (inspected.Expired is { } ending)
                    metrics.CountEnding(ending.Reason);
                break;
            }

            // One session must not block the others; the next run tries again.
            if (!await tries.TryNextAsync(cancellationToken))
                return Outcome.Left;
            inspected = await InspectAsync(inspected.Due, now, cancellationToken);
        }

        return inspected.Outcome;
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

    /// <summary><c>Expired</c> is null if the session was ended before.</summary>
    private sealed record InspectedSession(SessionDue Due, Outcome Outcome, StoredSession? Over = null, SessionEnd? Expired = null);

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

public sealed record PurgeReport
{
    public int Expired { get; private init; }

    /// <summary>Sessions ended before, whose tombstone was removed.</summary>
    public int Ended { get; private init; }

    /// <summary>Sessions still valid, rescheduled to their new expiry hour.</summary>
    public int Refiled { get; private init; }

    /// <summary>Entries whose session was never opened or is already gone.</summary>
    public int Missing { get; private init; }

    public int Unreadable { get; init; }

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
