namespace Serverless.Testing;

public sealed class FakeClock : TimeProvider
{
    private static readonly TimeSpan ShortestTimer = TimeSpan.FromMilliseconds(250);

    private DateTimeOffset _now = new(2026, 3, 14, 9, 26, 53, 589, TimeSpan.Zero);
    private TimeSpan _wrong;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => _now + _wrong;
    public override long GetTimestamp() => _now.UtcTicks;

    /// <summary>Short waits between tries end at once; a time limit never comes, however slow the machine is.</summary>
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
