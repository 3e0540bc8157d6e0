namespace Serverless.Tables.Tests;

/// <summary>
/// The Mann-Whitney U test: whether one kind of value tends to be larger than another. It looks at ranks alone, so a few values
/// that a busy machine made very large weigh no more than others.
/// </summary>
internal static class MannWhitney
{
    /// <summary>How many standard deviations U is away from what it would be if both were alike; negative where the first tend
    /// to be smaller.</summary>
    public static double Deviations(IReadOnlyCollection<double> first, IReadOnlyCollection<double> second)
    {
        double larger = first.Sum(one => second.Sum(other => one > other ? 1 : one == other ? 0.5 : 0));
        double pairs = (double)first.Count * second.Count;
        return (larger - (pairs / 2)) / Math.Sqrt(pairs * (first.Count + second.Count + 1) / 12);
    }
}
