namespace Serverless.Sessions.Timeline;

internal static class TimerRun
{
    /// <summary>How long one run may take before it leaves the rest to the next; host.json gives a function 10 minutes.</summary>
    public static readonly TimeSpan MaximumDuration = TimeSpan.FromMinutes(4);
}
