namespace Serverless.Sessions.Timeline;

internal static class TimerRun
{
    /// <summary>How long one run may take before it leaves the rest to the next; host.json gives a function 10 minutes.</summary>
    public static readonly TimeSpan MaximumDuration = TimeSpan.FromMinutes(4);

    /// <summary>How long a purge leaves alone what it can't read or remove.</summary>
    public static readonly TimeSpan Later = TimeSpan.FromDays(1);
}
