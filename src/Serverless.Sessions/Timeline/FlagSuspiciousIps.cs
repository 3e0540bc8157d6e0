namespace Serverless.Sessions.Timeline;

/// <summary>Flags addresses with too many login attempts and removes expired flags. A repeated run finds the same.</summary>
public sealed class FlagSuspiciousIps(
    ITimeline timeline, ISuspiciousIpStore store, RaiseSecurityEvent raise, IOptions<SuspiciousIpOptions> options,
    UnreadableRows unreadable, TimeProvider clock, ILogger<FlagSuspiciousIps> log)
{
    public const string Timer = "FlagSuspiciousIps";

    private static readonly TimeSpan Window = TimeSpan.FromHours(1);

    // After the last attempt that it counts.
    private static readonly TimeSpan FlagLifetime = TimeSpan.FromHours(24);

    public async Task<FlagReport> ExecuteAsync(CancellationToken cancellationToken)
    {
        var (now, started) = (clock.GetUtcNow(), clock.GetTimestamp());
        var seen = unreadable.Watch();
        var report = new FlagReport(0, 0);
        var finished = await timeline.CatchUpAsync(
            Timer, Window, now, () => clock.GetElapsedTime(started) > TimerRun.MaximumDuration, InspectAsync, cancellationToken);
        var removed = finished ? await store.RemoveExpiredAsync(now, cancellationToken) : 0;
        return report with { Removed = removed, Unreadable = seen.Count, Finished = finished };

        async Task InspectAsync(DateTimeOffset after, DateTimeOffset end)
        {
            // Callers without a known address have nothing in common.
            var attempts = await timeline.ReadActivityAsync(after - Window, end, cancellationToken)
                .Where(activity => activity.IsLoginAttempt && activity.AddressGroup != IpAddressGroup.Unknown)
                .ToListAsync(cancellationToken);
            var suspicions = attempts.GroupBy(attempt => attempt.AddressGroup)
                .Select(ofAddress => FindSuspicion(ofAddress, after, options.Value.MaximumLogins))
                .OfType<SuspiciousIp>().ToList();
            foreach (var suspicion in suspicions)
                await FlagAsync(suspicion, cancellationToken);
            report = new(report.Attempts + attempts.Count, report.Flagged + suspicions.Count);
        }
    }

    // The sliding window with the most attempts among those that end after a time; null if the limit isn't exceeded. A window
    // ends with an attempt and includes all within its length before.
    private static SuspiciousIp? FindSuspicion(IEnumerable<Activity> ofAddress, DateTimeOffset endingAfter, int maximum)
    {
        var attempts = ofAddress.OrderBy(attempt => attempt.At).ToList();
        (int First, int Count) worst = (0, 0);
        for (int first = 0, last = 0; last < attempts.Count; last++)
        {
            while (attempts[last].At - attempts[first].At >= Window)
                first++;
            var count = last - first + 1;
            if (attempts[last].At > endingAfter && count >= worst.Count)
                worst = (first, count);
        }

        if (worst.Count <= maximum)
            return null;
        var found = attempts.GetRange(worst.First, worst.Count);
        return new(
            found[0].AddressGroup, SecurityEvidence.Of(Window, found), Since: found[0].At, ExceededAt: found[maximum].At,
            ExpiresAt: found[^1].At + FlagLifetime);
    }

    // Overlapping evidence renews a flag. A new flag is logged before it is written, so a crash in between logs it twice rather
    // than never. The flag remembers whether its event is recorded, and what the event is derived from.
    private async Task FlagAsync(SuspiciousIp suspicion, CancellationToken cancellationToken)
    {
        var known = await store.FindAsync(suspicion.AddressGroup, cancellationToken);
        var evidence = suspicion.Evidence;
        var isMore = known?.Evidence.LastAt >= evidence.FirstAt;
        var flag = isMore ? known! with { Evidence = evidence, ExpiresAt = suspicion.ExpiresAt } : suspicion;
        if (!isMore)
        {
            log.AddressFlagged(
                MaskedAddress.Of(suspicion.AddressGroup), evidence.Count, (int)evidence.Window.TotalMinutes, evidence.Failures,
                evidence.DistinctAccounts);
        }

        await store.FlagAsync(flag, cancellationToken);
        if (flag.Raised)
            return;
        await raise.ExecuteAsync(SecurityEvent.Of(flag), cancellationToken);
        await store.FlagAsync(flag with { Raised = true }, cancellationToken);
    }
}

/// <summary><c>Attempts</c> are login attempts from known addresses; each step counts those of its look-back again.</summary>
public sealed record FlagReport(int Attempts, int Flagged, int Removed = 0, int Unreadable = 0, bool Finished = true);
