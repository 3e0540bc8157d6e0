namespace Serverless.Sessions;

internal static class Clock
{
    /// <summary>Now, to the millisecond, as in tokens, so that a time is equal in storage, in a token and on the wire.</summary>
    public static DateTimeOffset Now(this TimeProvider clock) =>
        DateTimeOffset.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds());

    public static DateTimeOffset StartOfHour(this DateTimeOffset time) =>
        new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);
}
