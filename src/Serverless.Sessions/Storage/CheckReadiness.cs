namespace Serverless.Sessions.Storage;

/// <summary>Whether this instance can serve, which takes keys and storage, and how far each timer lags. Neither a lag nor a
/// failed reload of the key ring makes it unready: nothing depends on timers, and the previous ring stays in use.</summary>
public sealed class CheckReadiness(
    KeyRingSource keys, ITimeline timeline, IOutboxStore outbox, UnreadableRows unreadable, TimeProvider clock)
{
    /// <summary>How long a result is cached, failures included: anyone may call, and probes call often.</summary>
    public static readonly TimeSpan CacheLifetime = TimeSpan.FromSeconds(5);

    private readonly Lock _starting = new();
    private Task<ReadinessResult>? _check;
    private volatile Checked? _last;

    /// <summary>Checks, or returns the cached result. Concurrent callers share one check, which none can cancel.</summary>
    public async Task<ReadinessResult> ExecuteAsync(CancellationToken cancellationToken)
    {
        Task<ReadinessResult> check;
        lock (_starting)
        {
            if (_last is { } last && clock.GetElapsedTime(last.Timestamp) < CacheLifetime)
                return last.Result;
            if (_check is not { IsCompleted: false })
                _check = Task.Run(CheckAsync);
            check = _check;
        }

        return await check.WaitAsync(cancellationToken);
    }

    private async Task<ReadinessResult> CheckAsync()
    {
        ReadinessResult result;
        KeyRing? ring = null;
        try
        {
            ring = await Detached.RunAsync(clock, token => keys.GetAsync(token).AsTask());
            var lags = await Detached.RunAsync(clock, token => ReadLagsAsync(ring, clock.GetUtcNow(), token));
            result = new ReadinessResult.Ready(keys.State!, lags, unreadable.Count);
        }
        catch (StorageUnavailableException exception)
        {
            result = ring is null
                ? new ReadinessResult.NoKeys(exception.Message)
                : new ReadinessResult.NoStorage(exception.Message);
        }

        // Dated when the result is known: if storage hangs, the check takes longer than a result is cached.
        _last = new(result, clock.GetTimestamp());
        return result;
    }

    private async Task<IReadOnlyList<TimerLag>> ReadLagsAsync(KeyRing ring, DateTimeOffset now, CancellationToken cancellationToken)
    {
        return
        [
            new(nameof(PurgeExpiredSessions), Since(await timeline.FindOldestDueAsync(now, cancellationToken) ?? now)),
            await LagOfAsync(FlagSuspiciousIps.Timer),
            await LagOfAsync(RaiseSecurityAlerts.Timer),
            new(SendOutbox.Timer, Since(await FindOldestMessageAsync() ?? now)),
            await LagOfAsync(RollUpStatistics.Timer, RollUpStatistics.DueAfter),
            await LagOfAsync(PurgeOldLogs.Timer, PurgeOldLogs.DueAfter),
            new("RotateSigningKeys", Since(ring.RotationDueSince(now) ?? now)),
        ];

        async Task<TimerLag> LagOfAsync(string timer, Func<DateTimeOffset, DateTimeOffset>? dueAfter = null) =>
            await timeline.ReadCursorAsync(timer, cancellationToken) is { } cursor
                ? new(timer, Since(dueAfter?.Invoke(cursor) ?? cursor))
                : new(timer, null);

        async Task<DateTimeOffset?> FindOldestMessageAsync() =>
            await outbox.ReadDueAsync(now, cancellationToken)
                .Select(due => (DateTimeOffset?)due.DueAt).FirstOrDefaultAsync(cancellationToken);

        // Another instance's clock may be ahead.
        TimeSpan Since(DateTimeOffset time) => now > time ? now - time : TimeSpan.Zero;
    }

    private sealed record Checked(ReadinessResult Result, long Timestamp);
}

public abstract record ReadinessResult
{
    private ReadinessResult() { }

    public sealed record Ready(KeyRingState Keys, IReadOnlyList<TimerLag> Timers, int UnreadableRows) : ReadinessResult;
    public sealed record NoKeys(string Cause) : ReadinessResult;
    public sealed record NoStorage(string Cause) : ReadinessResult;
}

/// <summary><c>Lag</c> is how long the timer's oldest work has been due; null before its first run.</summary>
public sealed record TimerLag(string Timer, TimeSpan? Lag);
