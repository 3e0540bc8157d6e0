namespace Serverless.Sessions.Timeline;

/// <summary>
/// How long sessions lasted: their number and sum exactly, for the average, and a histogram of few buckets for percentiles. Each
/// bucket is a tenth longer than the one before it, so a percentile is off by at most 5 percent; below a second it is 0. Those of
/// several days add up without losing anything more.
/// </summary>
/// <param name="Count">How many sessions.</param>
/// <param name="TotalMilliseconds">How long they lasted together.</param>
/// <param name="Buckets">How many sessions are in a bucket, by its number, in order.</param>
public sealed record Durations(long Count, long TotalMilliseconds, IReadOnlyList<DurationBucket> Buckets)
{
    private const double Growth = 1.1;

    /// <summary>Those of no session.</summary>
    public static readonly Durations None = new(0, 0, []);

    /// <summary>The average; null where there is none.</summary>
    public TimeSpan? Average => Count == 0 ? null : TimeSpan.FromMilliseconds((double)TotalMilliseconds / Count);

    /// <summary>Those of some sessions. What a clock that was set back made negative counts as 0.</summary>
    public static Durations Of(IEnumerable<TimeSpan> durations)
    {
        var (count, total, buckets) = (0L, 0L, new SortedDictionary<int, long>());
        foreach (var duration in durations.Select(each => each < TimeSpan.Zero ? TimeSpan.Zero : each))
        {
            count++;
            total += (long)duration.TotalMilliseconds;
            var number = NumberOf(duration.TotalSeconds);
            buckets[number] = buckets.GetValueOrDefault(number) + 1;
        }

        return new(count, total, [.. buckets.Select(bucket => new DurationBucket(bucket.Key, bucket.Value))]);
    }

    /// <summary>Two together.</summary>
    public Durations Plus(Durations other)
    {
        return new(
            Count + other.Count,
            TotalMilliseconds + other.TotalMilliseconds,
            [
                .. Buckets.Concat(other.Buckets).GroupBy(bucket => bucket.Number).OrderBy(bucket => bucket.Key)
                    .Select(bucket => new DurationBucket(bucket.Key, bucket.Sum(each => each.Count))),
            ]);
    }

    /// <summary>The duration that this part of all sessions didn't exceed, by nearest rank; null where there are none.</summary>
    /// <param name="part">Above 0, at most 1.</param>
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

    // Bucket 0 is below a second; bucket n from Growth^(n - 1) seconds to Growth^n.
    private static int NumberOf(double seconds) => seconds < 1 ? 0 : 1 + (int)Math.Log(seconds, Growth);

    private static double MiddleOf(int number) => number == 0 ? 0 : Math.Pow(Growth, number - 0.5);
}

/// <summary>A bucket of the histogram.</summary>
/// <param name="Count">How many sessions are in it.</param>
public sealed record DurationBucket(int Number, long Count);
