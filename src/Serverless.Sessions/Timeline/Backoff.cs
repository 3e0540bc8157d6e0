namespace Serverless.Sessions.Timeline;

/// <summary>The backoff of failed deliveries.</summary>
public static class Backoff
{
    private const int Factor = 3;
    private const double Spread = 0.2;

    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    /// <summary>The wait after an attempt: 1, 3, 9 ... minutes up to a day, with 20 percent jitter so that deliveries that failed
    /// together don't retry together.</summary>
    /// <param name="chance">The jitter, 0 to 1.</param>
    public static TimeSpan After(int attempt, double chance)
    {
        var minutes = Math.Min(Shortest.TotalMinutes * Math.Pow(Factor, attempt - 1), Longest.TotalMinutes);
        return TimeSpan.FromMinutes(minutes * (1 - Spread + (2 * Spread * chance)));
    }
}
