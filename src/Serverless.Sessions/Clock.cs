namespace Serverless.Sessions;

internal static class Clock
{
    /// <summary>The time to the millisecond, which is what tokens carry: so a time is the same in storage, in a token and on
    /// the wire.</summary>
    public static DateTimeOffset Now(this TimeProvider clock) =>
        DateTimeOffset.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds());
}
