using System.Runtime.ExceptionServices;

namespace Serverless.Sessions.Timeline;

/// <summary>Finishes interrupted account changes and raises security events. The ids of events are derived, so a run that dies,
/// repeats or runs concurrently raises nothing twice.</summary>
public sealed class RaiseSecurityAlerts(
    ITimeline timeline, ISecurityEventStore store, ISessionStore sessions, ILogStore entries, EndSession endSession,
    RaiseSecurityEvent raise, FinishAccountChanges finishChanges,
    IOptions<RetentionOptions> options, UnreadableRows unreadable, TimeProvider clock, ILogger<RaiseSecurityAlerts> log)
{
    public const string Timer = "RaiseSecurityAlerts";

    // More than fall due in a minute of the busiest day.
    private const int MostRemoved = 1000;

    // The longest a request runs; until then, the one that found the reuse ends the session itself.
    private static readonly TimeSpan LongestRequest = TimeSpan.FromMinutes(1);

    // Then an event is raised though storage refuses to tell whether it happened.
    private static readonly TimeSpan LongestOutage = TimeSpan.FromHours(1);

    public async Task<AlertReport> ExecuteAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var seen = unreadable.Watch();
        var started = clock.GetTimestamp();
        // Account changes first, since they end sessions. One part's failure must not block the others; it is thrown at the end.
        var finishing = finishChanges.ExecuteAsync(() => clock.GetElapsedTime(started) > TimerRun.MaximumDuration / 4, cancellationToken);
        await ((Task)finishing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var raised = 0;
        var raising = timeline.CatchUpAsync(
            Timer, SecurityEventSearch.Window, now, () => clock.GetElapsedTime(started) > TimerRun.MaximumDuration,
            async (after, end) => raised += await RaiseAsync(after, end, cancellationToken), cancellationToken);
        await ((Task)raising).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var removed = await store.RemoveAsync(now - options.Value.SecurityEventLifetime, MostRemoved, cancellationToken);
        var changes = await finishing;
        var finished = await raising;
        return new(changes, raised, removed, seen.Count, finished);
    }

    private async Task<int> RaiseAsync(DateTimeOffset after, DateTimeOffset end, CancellationToken cancellationToken)
    {
        var activities = await timeline.ReadActivityAsync(after - SecurityEventSearch.LookBack, end, cancellationToken)
            .ToListAsync(cancellationToken);
        var found = SecurityEventSearch.Find(activities, after);
        if (found.Count == 0)
            return 0;
        var known = await store.ReadEventsAsync(after - SecurityEventSearch.Window, end, cancellationToken)
            .ToListAsync(cancellationToken);
        var (raised, failure) = (0, (ExceptionDispatchInfo?)null);
        // Events that require a session read come last, so that an outage still lets the others through.
        foreach (var each in found.OrderBy(AsksForSession))
        {
            if (known.Exists(other => SecurityEventSearch.AreSame(each, other)))
                continue;
            try
            {
                if (await IsToComeAsync(each, cancellationToken))
                    continue;
            }
            catch (StorageUnavailableException exception)
            {
                // One session must not block the others; the next run tries again.
                failure ??= ExceptionDispatchInfo.Capture(exception);
                continue;
            }

            known.Add(each);
            raised += await raise.ExecuteAsync(each, cancellationToken) ? 1 : 0;
        }

        failure?.Throw();
        return raised;
    }

    private static bool AsksForSession(SecurityEvent found) =>
        (IsOfLogin(found.Kind) || found.Kind == SecurityEventKind.TokenReuse) && found is { UserId: not null, SessionId: not null };

    private static bool IsOfLogin(SecurityEventKind kind) =>
        kind == SecurityEventKind.NewDevice || kind == SecurityEventKind.NewCountry || kind == SecurityEventKind.ImpossibleTravel;

    // A login records its activity beside its session, and a reuse before the end of its session. What isn't stored yet is
    // checked again until its time is settled.
    private async Task<bool> IsToComeAsync(SecurityEvent found, CancellationToken cancellationToken)
    {
        if (!AsksForSession(found))
            return false;
        var (user, session, now) = (found.UserId!.Value, found.SessionId!.Value, clock.GetUtcNow());
        try
        {
            // The purge may have removed the session, whose entry stays.
            if (IsOfLogin(found.Kind))
            {
                return await sessions.FindAsync(user, session, cancellationToken) is null
                    && await entries.FindAsync(LogOwner.Of(user), new(found.At, session.ToGuid()), cancellationToken) is null;
            }

            if (await sessions.FindAsync(user, session, cancellationToken) is not { } stored || stored.Session.EndingAt(now) is not null)
                return false;
            if (now - found.At < LongestRequest)
                return true;
            // The request that found the reuse died or storage failed before the session was ended.
            var by = Actor.Of(new ClientInfo(found.AddressGroup, null));
            var ending = await endSession.ExecuteAsync(
                user, session, EndReason.TokenReuse, by, isRecorded: true, cancellationToken);
            if (ending is EndSessionResult.Ended)
                log.TokenReused($"{session}", $"{user}", MaskedAddress.Of(found.AddressGroup));
            return false;
        }
        catch (StorageUnavailableException exception) when (exception.IsOneRow || now - found.At >= LongestOutage)
        {
            return false;
        }
    }
}

public sealed record AlertReport(int Changes, int Raised, int Removed, int Unreadable, bool Finished);
