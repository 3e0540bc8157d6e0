namespace Faults.Tests.Soak;

internal sealed class Ledger
{
    private readonly ConcurrentDictionary<(string Group, string Name), int> _counts = [];
    private readonly ConcurrentQueue<string> _violations = [];

    public IReadOnlyList<string> Violations => [.. _violations];

    public void Count(string group, string name, int times = 1) => _counts.AddOrUpdate((group, name), times, (_, count) => count + times);

    public void Violate(string violation)
    {
        _violations.Enqueue(violation);
        Progress.Tell(violation);
    }

    /// <param name="name">What the names begin with; empty for all of the group.</param>
    public int Total(string group, string name = "") => _counts
        .Where(count => count.Key.Group == group && count.Key.Name.StartsWith(name, StringComparison.Ordinal)).Sum(count => count.Value);

    public override string ToString() =>
        $"{string.Join("\n", _counts.GroupBy(count => count.Key.Group).OrderBy(group => group.Key).Select(Describe))}\n{_violations.Count} violations";

    private static string Describe(IGrouping<string, KeyValuePair<(string Group, string Name), int>> group) =>
        $"{group.Sum(count => count.Value)} {group.Key}: "
        + string.Join(", ", group.OrderBy(count => count.Key.Name).Select(count => $"{count.Value} {count.Key.Name}"));
}
