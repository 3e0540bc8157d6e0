namespace Serverless.Sessions.Timeline;

/// <summary>The highest counts first; <c>IsComplete</c> if no key was cut off.</summary>
public sealed record TopList(IReadOnlyList<Counted> Entries, bool IsComplete)
{
    public const int Longest = 100;

    public static readonly TopList Empty = new([], IsComplete: true);

    public static TopList Of(IReadOnlyCollection<Counted> counted)
    {
        // The key comes last, so that equal counts have a stable order.
        var sorted = counted.OrderByDescending(each => each.Count)
            .ThenByDescending(each => each.LastAt).ThenBy(each => each.Key, StringComparer.Ordinal);
        return new([.. sorted.Take(Longest)], counted.Count <= Longest);
    }

    public TopList Without(string key) => this with { Entries = [.. Entries.Where(entry => entry.Key != key)] };

    /// <summary>Counts are exact if all lists are complete; otherwise they lack what was cut off.</summary>
    public static TopList Merge(IReadOnlyCollection<TopList> lists)
    {
        var counts = lists.SelectMany(list => list.Entries).GroupBy(entry => entry.Key)
            .Select(same => same.Aggregate((sum, entry) => sum.Plus(entry.Count, entry.LastAt).In(entry.Country)));
        var merged = Of([.. counts]);
        return merged with { IsComplete = merged.IsComplete && lists.All(list => list.IsComplete) };
    }
}

public sealed record Counted(string Key, long Count, DateTimeOffset LastAt)
{
    /// <summary>Where an address was at its last count; null otherwise, or if unknown.</summary>
    public string? Country { get; init; }

    internal Counted Plus(long count, DateTimeOffset at) => this with { Count = Count + count, LastAt = at > LastAt ? at : LastAt };

    internal Counted In(string? country) => country is null ? this : this with { Country = country };
}
