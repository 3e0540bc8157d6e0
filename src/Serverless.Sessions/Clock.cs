namespace Serverless.Sessions;

internal static class Clock
{
    /// <summary>The time to the millisecond, which is what tokens carry: so a time is the same in storage, in a token and on
    /// the wire.</summary>
    public static DateTimeOffset Now(this TimeProvider clock) =>
        DateTimeOffset.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>The beginning of the hour that a time is in: the timeline is kept by the hour.</summary>
    public static DateTimeOffset StartOfHour(this DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);
}
