using Serverless.Sessions.AuditLog;
using Serverless.Sessions.Ending;
using Serverless.Sessions.Timeline;
using Serverless.Sessions.Tokens;

namespace Serverless.Sessions.Storage;

/// <summary>
/// Whether this instance can serve, which takes the keys and storage, and how far each timer lags. Nothing depends on a timer for
/// being right, so a lag is told and never makes an instance unready; nor does a ring that can't be read again, since the one of
/// before goes on.
/// </summary>
public sealed class CheckReadiness(
    KeyRingSource keys, ITimeline timeline, ITimerCursors cursors, UnreadableRows unreadable, TimeProvider clock)
{
    /// <summary>How long an answer stands. Anybody may ask, and probes ask often: storage is asked once in this time, also while it
    /// can't be reached.</summary>
    public static readonly TimeSpan GoodFor = TimeSpan.FromSeconds(5);

    private readonly Lock _starting = new();
    private Task<ReadinessResult>? _check;
    private volatile Checked? _last;

    /// <summary>Checks, unless it was just done. All who ask meanwhile wait for the same check; who hangs up doesn't call it off.</summary>
    public async Task<ReadinessResult> ExecuteAsync(CancellationToken cancellationToken)
    {
        if (Known() is { } known)
            return known;
        Task<ReadinessResult> check;
        lock (_starting)
        {
            if (Known() is { } justChecked)
                return justChecked;
            if (_check is not { IsCompleted: false })
                _check = Task.Run(CheckAndKeepAsync);
            check = _check;
        }

        return await check.WaitAsync(cancellationToken);
    }

    private ReadinessResult? Known() =>
        _last is { } last && clock.GetElapsedTime(last.Timestamp) < GoodFor ? last.Result : null;

    private async Task<ReadinessResult> CheckAndKeepAsync()
    {
        var result = await CheckAsync();
        // Of when it is known: where storage hangs that takes longer than an answer stands.
        _last = new(result, clock.GetTimestamp());
        return result;
    }

    private async Task<ReadinessResult> CheckAsync()
    {
        KeyRing ring;
        try
        {
            ring = await Detached.RunAsync(clock, token => keys.GetAsync(token).AsTask());
        }
        catch (StorageUnavailableException exception)
        {
            return new ReadinessResult.NoKeys(exception.Message);
        }

        try
        {
            var lags = await Detached.RunAsync(clock, token => ReadLagsAsync(ring, clock.GetUtcNow(), token));
            return new ReadinessResult.Ready(keys.State!, lags, unreadable.Count);
        }
        catch (StorageUnavailableException exception)
        {
            return new ReadinessResult.NoStorage(exception.Message);
        }
    }

    private async Task<IReadOnlyList<TimerLag>> ReadLagsAsync(KeyRing ring, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var oldestDue = await timeline.FindOldestDueAsync(now, cancellationToken);
        var flagged = await cursors.ReadCursorAsync(FlagSuspiciousIps.Timer, cancellationToken);
        var alerted = await cursors.ReadCursorAsync(RaiseSecurityAlerts.Timer, cancellationToken);
        var rolledUp = await cursors.ReadCursorAsync(RollUpStatistics.Timer, cancellationToken);
        var purged = await cursors.ReadCursorAsync(PurgeOldLogs.Timer, cancellationToken);
        return
        [
            new(nameof(PurgeExpiredSessions), Since(oldestDue ?? now)),
            new(FlagSuspiciousIps.Timer, flagged is { } upTo ? Since(upTo) : null),
            new(RaiseSecurityAlerts.Timer, alerted is { } seen ? Since(seen) : null),
            new(RollUpStatistics.Timer, rolledUp is { } counted ? RollUpStatistics.LagAt(now, counted) : null),
            new(PurgeOldLogs.Timer, purged is { } upToHour ? PurgeOldLogs.LagAt(now, upToHour) : null),
            new("RotateSigningKeys", Since(ring.RotationDueSince(now) ?? now)),
        ];

        // Another instance's clock may be ahead.
        TimeSpan Since(DateTimeOffset time) => now > time ? now - time : TimeSpan.Zero;
    }

    private sealed record Checked(ReadinessResult Result, long Timestamp);
}

/// <summary>Whether an instance can serve.</summary>
public abstract record ReadinessResult
{
    private ReadinessResult()
    {
    }

    /// <summary>It can: storage answers, and the keys are there.</summary>
    /// <param name="Keys">How the ring stands.</param>
    /// <param name="Timers">The lag of each timer.</param>
    /// <param name="UnreadableRows">How many rows this instance couldn't read since it started.</param>
    public sealed record Ready(KeyRingState Keys, IReadOnlyList<TimerLag> Timers, int UnreadableRows) : ReadinessResult;

    /// <summary>The key ring was never read, and can't be.</summary>
    /// <param name="Cause">What was wrong.</param>
    public sealed record NoKeys(string Cause) : ReadinessResult;

    /// <summary>Storage can't be reached; the keys are there.</summary>
    /// <param name="Cause">What was wrong.</param>
    public sealed record NoStorage(string Cause) : ReadinessResult;
}

/// <summary>How much time of its work a timer has before it.</summary>
/// <param name="Timer">The timer's name.</param>
/// <param name="Lag">For how long its oldest work has been due; null before its first run.</param>
public sealed record TimerLag(string Timer, TimeSpan? Lag);
