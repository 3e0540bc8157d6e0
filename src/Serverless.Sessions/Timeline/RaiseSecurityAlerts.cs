using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Serverless.Sessions.Accounts;
using Serverless.Sessions.AuditLog;
using Serverless.Sessions.Ending;
using Serverless.Sessions.Sessions;
using Serverless.Sessions.Storage;
using Serverless.Sessions.Text;

namespace Serverless.Sessions.Timeline;

/// <summary>
/// Finishes what was interrupted of the changes of accounts, makes security events out of activity and sends them on their way. It goes through the activity in steps and remembers after
/// each how far it got; what it finds has an identity of its own, so a run that dies, is repeated or runs beside another raises
/// nothing twice. Events that have been kept long enough are removed at the end.
/// </summary>
public sealed class RaiseSecurityAlerts(
    ITimeline timeline,
    ISecurityEventStore store,
    ISessionStore sessions,
    EndSession endSession,
    ITimerCursors cursors,
    RaiseSecurityEvent raise,
    DeliverSecurityEvents deliver,
    FinishAccountChanges finishChanges,
    IOptions<RetentionOptions> options,
    UnreadableRows unreadable,
    TimeProvider clock,
    ILogger<RaiseSecurityAlerts> log)
{
    /// <summary>The name of the cursor.</summary>
    public const string Timer = "RaiseSecurityAlerts";

    // What one run removes at the most: as many as come to be due in a minute of the busiest day, and more.
    private const int MostRemoved = 1000;

    // An instance may be slow to write, or its clock behind: what it records late must not be passed over.
    private static readonly TimeSpan Lateness = TimeSpan.FromMinutes(2);

    // What a request takes at the most; one that finds a reuse ends the session itself.
    private static readonly TimeSpan LongestRequest = TimeSpan.FromMinutes(1);

    // The shortest life that settings give a session: that long its row is there, whatever became of it.
    private static readonly TimeSpan ShortestLife = TimeSpan.FromHours(1);

    // What is held in memory at once is the activity of one step and the look-back.
    private static readonly TimeSpan Step = TimeSpan.FromHours(1);

    /// <summary>Looks at all activity since the last run, sends what is due, removes what is old.</summary>
    public async Task<AlertReport> ExecuteAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var seen = unreadable.Watch();
        var (started, longest) = (clock.GetTimestamp(), TimerRun.MaximumDuration);
        // Deliveries are left this much of the time, however much there is to catch up on.
        var share = longest / 4;
        // What was to end at once comes first.
        var finishing = finishChanges.ExecuteAsync(() => clock.GetElapsedTime(started) > share, cancellationToken);
        await SettleAsync(finishing);
        var raising = RaiseAsync(now, () => clock.GetElapsedTime(started) > longest - share, cancellationToken);
        await SettleAsync(raising);
        var left = longest - clock.GetElapsedTime(started);
        var delivered = await deliver.ExecuteAsync(left > share ? left : share, cancellationToken);
        var before = now - options.Value.SecurityEventLifetime;
        var removed = await store.RemoveAsync(before, MostRemoved, cancellationToken);
        var changes = await finishing;
        var (raised, finished) = await raising;
        return new(raised, delivered, removed) { Changes = changes, Unreadable = seen.Count, Finished = finished && delivered.Finished };
    }

    // What one part can't do must not hold up the others. It is thrown at the end.
    private static async Task SettleAsync(Task part)
    {
        try
        {
            await part;
        }
        catch (StorageUnavailableException)
        {
            // Whoever awaits the part for its result hears of it.
        }
    }

    private async Task<(int Raised, bool Finished)> RaiseAsync(DateTimeOffset now, Func<bool> isOver, CancellationToken cancellationToken)
    {
        var cursor = await cursors.ReadCursorAsync(Timer, cancellationToken) ?? now - SecurityEventSearch.Window;
        var raised = 0;
        var settled = now - Lateness;
        for (; cursor + Step < settled; cursor += Step)
        {
            raised += await RaiseAsync(cursor, cursor + Step, cancellationToken);
            await cursors.SaveCursorAsync(Timer, cursor + Step, cancellationToken);
            if (isOver())
                return (raised, Finished: false);
        }

        // The rest is looked at up to now, but remembered only as far as nothing more can come.
        raised += await RaiseAsync(cursor, now, cancellationToken);
        if (settled > cursor)
            await cursors.SaveCursorAsync(Timer, settled, cancellationToken);
        return (raised, Finished: true);
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
        // What asks for a session comes last: where storage is away, as much as there can be is told before the first try fails.
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
                // One session that can't be read or ended holds up no other; the next run looks at it again.
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
        (found.Kind == SecurityEventKind.NewDevice || found.Kind == SecurityEventKind.TokenReuse) && found is { UserId: not null, SessionId: not null };

    // A login writes its activity beside its session, and a reuse ahead of the end of its. What hasn't come to pass is looked at again
    // until its time is settled.
    private async Task<bool> IsToComeAsync(SecurityEvent found, CancellationToken cancellationToken)
    {
        if (!AsksForSession(found))
            return false;
        var (user, session, now) = (found.UserId!.Value, found.SessionId!.Value, clock.GetUtcNow());
        try
        {
            if (found.Kind == SecurityEventKind.NewDevice)
                return now - found.At < ShortestLife && await sessions.FindAsync(user, session, cancellationToken) is null;
            if (await sessions.FindAsync(user, session, cancellationToken) is not { } stored || stored.Session.EndingAt(now) is not null)
                return false;
            if (now - found.At < LongestRequest)
                return true;
            // Whoever came with the spent token has no answer: the app died, or storage failed, before the session ended.
            var ending = await endSession.FinishAsync(
                user, session, EndReason.TokenReuse, Actor.Of(new ClientInfo(found.AddressGroup, null)), cancellationToken);
            if (ending is EndSessionResult.Ended)
                log.TokenReused($"{session}", $"{user}", MaskedAddress.Of(found.AddressGroup));
            return false;
        }
        catch (StorageUnavailableException exception) when (exception.IsOneRow || now - found.At >= ShortestLife)
        {
            return false;
        }
    }
}

/// <summary>What a run did.</summary>
/// <param name="Raised">Events put on record.</param>
/// <param name="Deliveries">What became of those that were due to be sent.</param>
/// <param name="Removed">Old events that were removed.</param>
public sealed record AlertReport(int Raised, DeliveryReport Deliveries, int Removed)
{
    /// <summary>Interrupted changes of accounts that were finished.</summary>
    public int Changes { get; init; }

    /// <summary>Rows that couldn't be read and were stepped over.</summary>
    public int Unreadable { get; init; }

    /// <summary>Whether all activity was looked at and all that was due was sent; otherwise the next run goes on.</summary>
    public bool Finished { get; init; } = true;
}
