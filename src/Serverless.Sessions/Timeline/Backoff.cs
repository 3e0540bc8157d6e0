namespace Serverless.Sessions.Timeline;

public static class Backoff
{
    private const int Factor = 3;
    private const double Spread = 0.2;

    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    /// <summary>Returns the wait after an attempt: 1, 3, 9 ... minutes up to a day, with 20 percent jitter
    /// (<paramref name="chance"/>, 0 to 1) so that deliveries that failed together don't retry together.</summary>
    public static TimeSpan After(int attempt, double chance)
    {
        var minutes = Math.Min(Shortest.TotalMinutes * Math.Pow(Factor, attempt - 1), Longest.TotalMinutes);
        return TimeSpan.FromMinutes(minutes * (1 - Spread + (2 * Spread * chance)));
    }
}
