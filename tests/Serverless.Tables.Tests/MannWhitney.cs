namespace Serverless.Tables.Tests;

/// <summary>The Mann-Whitney U test compares ranks, so the outliers of a busy machine weigh no more than others.</summary>
internal static class MannWhitney
{
    /// <summary>How many standard deviations U is off; negative where the first tend to be smaller.</summary>
    public static double Deviations(IReadOnlyCollection<double> first, IReadOnlyCollection<double> second)
    {
        double larger = first.Sum(one => second.Sum(other => one > other ? 1 : one == other ? 0.5 : 0));
        double pairs = (double)first.Count * second.Count;
        return (larger - (pairs / 2)) / Math.Sqrt(pairs * (first.Count + second.Count + 1) / 12);
    }
}
