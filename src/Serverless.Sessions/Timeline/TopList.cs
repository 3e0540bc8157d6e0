namespace Serverless.Sessions.Timeline;

/// <summary>The highest counts, at most <see cref="Longest"/>, highest first; <c>IsComplete</c> if no key was cut off.</summary>
public sealed record TopList(IReadOnlyList<Counted> Entries, bool IsComplete)
{
    public const int Longest = 100;

    public static readonly TopList Empty = new([], IsComplete: true);

    public static TopList Of(IReadOnlyCollection<Counted> counted)
    {
        return new([.. Sort(counted).Take(Longest)], counted.Count <= Longest);
    }

    /// <summary>Counts are exact if all lists are complete; otherwise they lack what was cut off.</summary>
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

/// <summary><c>Key</c> is a user id, an account key, or an address.</summary>
public sealed record Counted(string Key, long Count, DateTimeOffset LastAt)
{
    internal Counted Plus(long count, DateTimeOffset at) => this with { Count = Count + count, LastAt = at > LastAt ? at : LastAt };
}
