namespace Serverless.Sessions.Timeline;

/// <summary>The highest counts, of any number of keys.</summary>
/// <param name="Entries">At most <see cref="Longest"/>, highest count first.</param>
/// <param name="IsComplete">Whether no key was cut off.</param>
public sealed record TopList(IReadOnlyList<Counted> Entries, bool IsComplete)
{
    /// <summary>The most entries in a list.</summary>
    public const int Longest = 100;

    /// <summary>An empty list.</summary>
    public static readonly TopList Empty = new([], IsComplete: true);

    /// <summary>The highest of these counts.</summary>
    public static TopList Of(IReadOnlyCollection<Counted> counted)
    {
        return new([.. Sort(counted).Take(Longest)], counted.Count <= Longest);
    }

    /// <summary>Merges lists. Counts are exact if all are complete; otherwise they lack what was cut off.</summary>
    public static TopList Merge(IEnumerable<TopList> lists)
    {
        var isComplete = true;
        var counts = new Dictionary<string, Counted>();
        foreach (var list in lists)
        {
            isComplete &= list.IsComplete;
            foreach (var entry in list.Entries)
                counts[entry.Key] = counts.TryGetValue(entry.Key, out var known) ? known.Plus(entry.Count, entry.LastAt) : entry;
        }

        return new([.. Sort(counts.Values).Take(Longest)], isComplete && counts.Count <= Longest);
    }

    // The key comes last, so that equal counts have a stable order.
    private static IEnumerable<Counted> Sort(IEnumerable<Counted> counted) => counted
        .OrderByDescending(each => each.Count).ThenByDescending(each => each.LastAt).ThenBy(each => each.Key, StringComparer.Ordinal);
}

/// <summary>The count of a key.</summary>
/// <param name="Key">A user id, an account key, or an address.</param>
public sealed record Counted(string Key, long Count, DateTimeOffset LastAt)
{
    internal Counted Plus(long count, DateTimeOffset at) => this with { Count = Count + count, LastAt = at > LastAt ? at : LastAt };
}
