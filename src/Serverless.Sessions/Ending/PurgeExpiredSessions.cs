namespace Serverless.Sessions.Ending;

/// <summary>Removes expired sessions, at a cost in proportion to what fell due. A timeline entry is removed last, so the next run
/// picks up where a dead one stopped; an expired session is refused, purged or not.</summary>
public sealed class PurgeExpiredSessions(
    ISessionStore sessions, ITimeline timeline, KeyRingSource keys, UnreadableRows unreadable, TimeProvider clock, SessionMetrics metrics)
{
    // Ends are recorded in batches of a hundred, so read this many sessions before removing any.
    private const int LookedAtTogether = 1_000;

    public async Task<PurgeReport> ExecuteAsync(CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var now = clock.Now();
        var seenUnreadable = unreadable.Watch();
        var (report, chunks) = (new PurgeReport(), 0);
        List<(DueBatch Batch, InspectedSession[] Sessions)> together = [];
        // A run that died between rescheduling a session and removing its old entry left two; don't write for both at once.
        var seen = new HashSet<(UserId, SessionId)>();
        await foreach (var batch in timeline.ReadDueAsync(now, cancellationToken))
        {
            var entries = batch.Sessions.Select(due => (Due: due, IsFirst: seen.Add((due.UserId, due.SessionId)))).ToList();
            together.Add((batch, await Concurrently.SelectAsync(
                entries,
                async (each, token) => each.IsFirst ? await InspectAsync(each.Due, now, token) : new(each.Due, Outcome.Missing),
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
            var expired = together.SelectMany(each => each.Sessions).Where(each => each.Expired is not null);
            foreach (var chunk in expired.Chunk(ITimeline.MostActivitiesAtOnce))
            {
                // Not all of a run at one time, since whoever reads that time reads all of it; close to the entry, which leads to it.
                var at = now.AddMilliseconds(2 * chunks++);
                var endings = chunk.Select(each => Activity.OfEnd(each.Over!.Session, each.Expired!, at, each.Over.Session.Client));
                await timeline.RecordTogetherAsync([.. endings], cancellationToken);
            }

            foreach (var (batch, inspected) in together)
            {
                var outcomes = await Concurrently.SelectAsync(
                    inspected, (each, token) => RemoveAsync(each, now, token), cancellationToken);
                report = report with
                {
                    Expired = report.Expired + outcomes.Count(each => each == Outcome.Expired),
                    Ended = report.Ended + outcomes.Count(each => each == Outcome.Ended),
                    Refiled = report.Refiled + outcomes.Count(each => each == Outcome.Refiled),
                    Missing = report.Missing + outcomes.Count(each => each == Outcome.Missing),
                };
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
            await timeline.ScheduleExpiryAsync(due with { At = now + TimerRun.Later }, cancellationToken);
            return new(due, Outcome.Unreadable);
        }

        if (stored is null)
            return new(due, Outcome.Missing);

        var session = stored.Session;
        if (session.ExpiryAt(now) is not { } expired)
        {
            await timeline.ScheduleExpiryAsync(due with { At = session.ExpiresAt }, cancellationToken);
            return new(due, Outcome.Refiled);
        }

        return session.Ending is null ? new(due, Outcome.Expired, stored, expired) : new(due, Outcome.Ended, stored);
    }

    private async Task<Outcome> RemoveAsync(InspectedSession inspected, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var tries = new Retries(clock);
        while (inspected.Over is { } stored)
        {
            var ring = await keys.GetAsync(cancellationToken);
            var by = Actor.Of(stored.Session.Client);
            var expiry = inspected.Expired is { } expired
                ? SessionEnding.Of(stored, expired.Reason, now, by, Guid.NewGuid(), ring.AuditKeyAt(now))
                : null;
            if (await sessions.TryRemoveAsync(stored, expiry?.Entry, cancellationToken))
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

    // Expired is null if the session was ended before.
    private sealed record InspectedSession(SessionDue Due, Outcome Outcome, StoredSession? Over = null, SessionEnd? Expired = null);

    private enum Outcome { Expired, Ended, Refiled, Missing, Unreadable, Left }
}

/// <summary><c>Ended</c> sessions were ended before; <c>Refiled</c> ones are valid, and rescheduled to their new expiry hour;
/// <c>Missing</c> ones were never opened or are already gone.</summary>
public sealed record PurgeReport(
    int Expired = 0, int Ended = 0, int Refiled = 0, int Missing = 0, int Unreadable = 0, bool Finished = true);
