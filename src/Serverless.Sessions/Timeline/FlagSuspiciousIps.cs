using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Serverless.Sessions.Storage;
using Serverless.Sessions.Text;

namespace Serverless.Sessions.Timeline;

/// <summary>
/// Flags addresses with too many login attempts. It goes through the activity in steps, each looking one window back, and
/// remembers after each how far it got: a run that was missed is caught up on, and one that is repeated finds the same. Flags
/// that have expired are removed at the end.
/// </summary>
public sealed class FlagSuspiciousIps(
    ITimeline timeline,
    ISuspiciousIpStore store,
    ITimerCursors cursors,
    RaiseSecurityEvent raise,
    IOptions<SuspiciousIpOptions> options,
    UnreadableRows unreadable,
    TimeProvider clock,
    ILogger<FlagSuspiciousIps> log)
{
    /// <summary>The name of the cursor.</summary>
    public const string Timer = "FlagSuspiciousIps";

    // An instance may be slow to write, or its clock behind: what it records late must not be passed over.
    private static readonly TimeSpan Lateness = TimeSpan.FromMinutes(2);

    // What is held in memory at once is the activity of one step and one window.
    private static readonly TimeSpan Step = TimeSpan.FromHours(1);

    /// <summary>Looks at all activity since the last run.</summary>
    public async Task<FlagReport> ExecuteAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var seen = unreadable.Watch();
        var cursor = await cursors.ReadCursorAsync(Timer, cancellationToken) ?? now - LoginAttempts.Window;
        var started = clock.GetTimestamp();
        var report = new FlagReport(0, 0);
        for (var settled = now - Lateness; cursor + Step < settled; cursor += Step)
        {
            if (clock.GetElapsedTime(started) > TimerRun.MaximumDuration)
                return report with { Finished = false, Unreadable = seen.Count };
            report += await LookAtAsync(cursor, cursor + Step, cancellationToken);
            await cursors.SaveCursorAsync(Timer, cursor + Step, cancellationToken);
        }

        // The rest is looked at up to now, but remembered only as far as nothing more can come.
        report += await LookAtAsync(cursor, now, cancellationToken);
        if (now - Lateness > cursor)
            await cursors.SaveCursorAsync(Timer, now - Lateness, cancellationToken);
        report = report with { Removed = await store.RemoveExpiredAsync(now, cancellationToken) };
        return report with { Unreadable = seen.Count };
    }

    private async Task<FlagReport> LookAtAsync(DateTimeOffset after, DateTimeOffset end, CancellationToken cancellationToken)
    {
        var addresses = new Dictionary<string, LoginAttempts>();
        var count = 0;
        var activities = timeline.ReadActivityAsync(after - LoginAttempts.Window, end, cancellationToken);
        await foreach (var activity in activities)
        {
            // Callers whose address nobody could read have nothing in common.
            if (activity.Kind == ActivityKind.SessionEnded || activity.AddressGroup == IpAddressGroup.Unknown)
                continue;
            if (!addresses.TryGetValue(activity.AddressGroup, out var attempts))
                addresses.Add(activity.AddressGroup, attempts = new(activity.AddressGroup));
            attempts.Add(activity);
            count++;
        }

        var suspicions = addresses.Values.Select(attempts => attempts.FindSuspicion(after, options.Value.MaximumLogins)).OfType<SuspiciousIp>().ToList();
        foreach (var suspicion in suspicions)
            await FlagAsync(suspicion, cancellationToken);
        return new(count, suspicions.Count);
    }

    // Evidence that overlaps with what is known is more of the same. It is told before it is written: should the run end between
    // the two, the next one tells it again. The flag remembers whether its event is on record, and what that is made of.
    private async Task FlagAsync(SuspiciousIp suspicion, CancellationToken cancellationToken)
    {
        var known = await store.FindAsync(suspicion.AddressGroup, cancellationToken);
        var isMore = known?.LastAt >= suspicion.FirstAt;
        var flag = isMore ? suspicion with { Since = known!.Since, ExceededAt = known.ExceededAt, Raised = known.Raised } : suspicion;
        if (!isMore)
        {
            log.AddressFlagged(
                MaskedAddress.Of(suspicion.AddressGroup),
                suspicion.Count,
                (int)suspicion.Window.TotalMinutes,
                suspicion.Failures,
                suspicion.DistinctAccounts);
        }

        await store.FlagAsync(flag, cancellationToken);
        if (flag.Raised)
            return;
        await raise.ExecuteAsync(SecurityEvent.Of(flag), cancellationToken);
        await store.FlagAsync(flag with { Raised = true }, cancellationToken);
    }
}

/// <summary>What a run found.</summary>
/// <param name="Attempts">Login attempts from known addresses; a step looks at those of the window before it again.</param>
/// <param name="Flagged">Flags set or renewed.</param>
public sealed record FlagReport(int Attempts, int Flagged)
{
    /// <summary>Whether all activity was looked at; otherwise the next run goes on.</summary>
    public bool Finished { get; init; } = true;

    /// <summary>Rows that couldn't be read and were stepped over.</summary>
    public int Unreadable { get; init; }

    /// <summary>Expired flags that were removed.</summary>
    public int Removed { get; init; }

    /// <summary>Two steps together.</summary>
    public static FlagReport operator +(FlagReport left, FlagReport right)
    {
        return new(left.Attempts + right.Attempts, left.Flagged + right.Flagged);
    }
}
