namespace Serverless.Sessions.Timeline;

/// <summary>Exact count and sum, and a histogram of non-empty buckets, in order, whose percentiles are off by at most 5 percent.
/// Below a second, a duration counts as 0.</summary>
public sealed record Durations(long Count, long TotalMilliseconds, IReadOnlyList<DurationBucket> Buckets)
{
    private const double Growth = 1.1;

    public static readonly Durations None = new(0, 0, []);

    public TimeSpan? Average => Count == 0 ? null : TimeSpan.FromMilliseconds((double)TotalMilliseconds / Count);

    /// <summary>Negative durations, from a clock that was set back, count as 0.</summary>
    public static Durations Of(IEnumerable<TimeSpan> durations)
    {
        var all = durations.Select(each => each < TimeSpan.Zero ? TimeSpan.Zero : each).ToList();
        var buckets = all.CountBy(each => NumberOf(each.TotalSeconds)).OrderBy(bucket => bucket.Key)
            .Select(bucket => new DurationBucket(bucket.Key, bucket.Value));
        return new(all.Count, all.Sum(each => (long)each.TotalMilliseconds), [.. buckets]);
    }

    public Durations Plus(Durations other) => new(
        Count + other.Count, TotalMilliseconds + other.TotalMilliseconds,
        [.. Buckets.Concat(other.Buckets).GroupBy(bucket => bucket.Number).OrderBy(bucket => bucket.Key)
            .Select(bucket => new DurationBucket(bucket.Key, bucket.Sum(each => each.Count)))]);

    /// <summary>Returns what this share (0 to 1) of sessions didn't exceed, by nearest rank; null without sessions.</summary>
    public TimeSpan? Percentile(double part)
    {
        var rank = (long)Math.Ceiling(part * Count);
        var passed = 0L;
        foreach (var bucket in Buckets)
        {
            if ((passed += bucket.Count) >= rank)
                return TimeSpan.FromSeconds(MiddleOf(bucket.Number));
        }

        return null;
    }

    // Bucket 0 is below a second; bucket n is from Growth^(n - 1) to Growth^n seconds.
    private static int NumberOf(double seconds) => seconds < 1 ? 0 : 1 + (int)Math.Log(seconds, Growth);

    private static double MiddleOf(int number) => number == 0 ? 0 : Math.Pow(Growth, number - 0.5);
}

public sealed record DurationBucket(int Number, long Count);
