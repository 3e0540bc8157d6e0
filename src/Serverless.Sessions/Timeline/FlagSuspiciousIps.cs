namespace Serverless.Sessions.Timeline;

/// <summary>Flags addresses with too many login attempts and removes expired flags. It processes activity in steps, each with one
/// window of look-back, and saves its cursor after each: missed runs are caught up, and a repeated run finds the same.</summary>
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
    public const string Timer = "FlagSuspiciousIps";

    // An instance may write late or its clock be behind; its activity must not be skipped.
    private static readonly TimeSpan Lateness = TimeSpan.FromMinutes(2);

    // Bounds memory to the activity of one step and one window.
    private static readonly TimeSpan Step = TimeSpan.FromHours(1);

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
            report += await InspectAsync(cursor, cursor + Step, cancellationToken);
            await cursors.SaveCursorAsync(Timer, cursor + Step, cancellationToken);
        }

        // Process the rest up to now, but save the cursor only up to where nothing late can come.
        report += await InspectAsync(cursor, now, cancellationToken);
        if (now - Lateness > cursor)
            await cursors.SaveCursorAsync(Timer, now - Lateness, cancellationToken);
        var removed = await store.RemoveExpiredAsync(now, cancellationToken);
        return report with { Removed = removed, Unreadable = seen.Count };
    }

    private async Task<FlagReport> InspectAsync(DateTimeOffset after, DateTimeOffset end, CancellationToken cancellationToken)
    {
        // Callers without a known address have nothing in common.
        var attempts = await timeline.ReadActivityAsync(after - LoginAttempts.Window, end, cancellationToken)
            .Where(activity => activity.IsLoginAttempt && activity.AddressGroup != IpAddressGroup.Unknown)
            .ToListAsync(cancellationToken);
        var suspicions = attempts.GroupBy(attempt => attempt.AddressGroup)
            .Select(ofAddress => LoginAttempts.FindSuspicion(ofAddress, after, options.Value.MaximumLogins))
            .OfType<SuspiciousIp>().ToList();
        foreach (var suspicion in suspicions)
            await FlagAsync(suspicion, cancellationToken);
        return new(attempts.Count, suspicions.Count);
    }

    // Overlapping evidence renews a flag. A new flag is logged before it is written, so a crash in between logs it twice rather
    // than never. The flag remembers whether its event is recorded, and what the event is derived from.
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

/// <summary><c>Attempts</c> are login attempts from known addresses; each step counts those of its look-back again.</summary>
public sealed record FlagReport(int Attempts, int Flagged, int Removed = 0, int Unreadable = 0, bool Finished = true)
{
    public static FlagReport operator +(FlagReport left, FlagReport right) =>
        new(left.Attempts + right.Attempts, left.Flagged + right.Flagged);
}
