namespace Serverless.Sessions;

internal static class Clock
{
    /// <summary>Now, to the millisecond, as in tokens, so that a time is equal in storage, in a token and on the wire.</summary>
    public static DateTimeOffset Now(this TimeProvider clock) =>
        DateTimeOffset.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>The start of the hour that a time is in: the unit of the timeline.</summary>
    public static DateTimeOffset StartOfHour(this DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);
}
