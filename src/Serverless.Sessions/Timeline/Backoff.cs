namespace Serverless.Sessions.Timeline;

/// <summary>When a delivery that failed is tried again.</summary>
public static class Backoff
{
    private const int Factor = 3;
    private const double Spread = 0.2;

    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    /// <summary>How long after an attempt the next one comes: a minute, three, nine ... up to a day, each a fifth longer or shorter
    /// by chance, so that what failed together doesn't come back together.</summary>
    /// <param name="attempt">The attempt, from 1 on.</param>
    /// <param name="chance">From 0 to 1.</param>
    public static TimeSpan After(int attempt, double chance)
    {
        var minutes = Math.Min(Shortest.TotalMinutes * Math.Pow(Factor, attempt - 1), Longest.TotalMinutes);
        return TimeSpan.FromMinutes(minutes * (1 - Spread + (2 * Spread * chance)));
    }
}
