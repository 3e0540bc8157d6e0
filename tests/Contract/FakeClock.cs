namespace Serverless.Testing;

/// <summary>A clock that only a test moves.</summary>
public sealed class FakeClock : TimeProvider
{
    private static readonly TimeSpan ShortestTimer = TimeSpan.FromMilliseconds(250);

    private DateTimeOffset _now = new(2026, 3, 14, 9, 26, 53, 589, TimeSpan.Zero);
    private TimeSpan _wrong;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => _now + _wrong;

    public override long GetTimestamp() => _now.UtcTicks;

    /// <summary>The short waits between two tries cost a test no time, so what goes on behind them goes on in its turn. A time limit never
    /// comes, however long a busy machine takes.</summary>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime <= ShortestTimer && dueTime >= TimeSpan.Zero)
            callback(state);
        return base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Advance(TimeSpan by) => _now += by;

    public void Set(DateTimeOffset now) => _now = now;

    /// <summary>Puts the wall clock forward or back, while no time passes.</summary>
    public void SetWallClock(TimeSpan by) => _wrong += by;
}
