namespace Serverless.Sessions.Timeline;

/// <summary>Who or what was counted most. It holds few, however many there were.</summary>
/// <param name="Entries">At most <see cref="Longest"/>, the highest count first.</param>
/// <param name="IsComplete">Whether it holds all that were counted.</param>
public sealed record TopList(IReadOnlyList<Counted> Entries, bool IsComplete)
{
    /// <summary>The most entries of a list.</summary>
    public const int Longest = 100;

    /// <summary>The list of nothing.</summary>
    public static readonly TopList Empty = new([], IsComplete: true);

    /// <summary>The top of all that were counted.</summary>
    public static TopList Of(IReadOnlyCollection<Counted> counted)
    {
        return new([.. Sort(counted).Take(Longest)], counted.Count <= Longest);
    }

    /// <summary>Several lists as one. Its counts are exact where all lists are complete; else one of them may miss the times when
    /// its key was below the end of a list.</summary>
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

    // By the key last, so that equal counts have one order.
    private static IEnumerable<Counted> Sort(IEnumerable<Counted> counted) => counted
        .OrderByDescending(each => each.Count).ThenByDescending(each => each.LastAt).ThenBy(each => each.Key, StringComparer.Ordinal);
}

/// <summary>How often something was counted.</summary>
/// <param name="Key">A user id, an account key, or an address.</param>
/// <param name="Count">How often.</param>
/// <param name="LastAt">The last time.</param>
public sealed record Counted(string Key, long Count, DateTimeOffset LastAt)
{
    internal Counted Plus(long count, DateTimeOffset at) => this with { Count = Count + count, LastAt = at > LastAt ? at : LastAt };
}
