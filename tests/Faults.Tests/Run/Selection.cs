namespace Faults.Tests.Run;

/// <summary>FAULTS=all takes all cases; otherwise each call meets a third of the faults, one variant each, chosen by FAULTS_SEED.</summary>
internal static class Selection
{
    private const int Share = 3;

    public static bool TakesAll { get; } = Environment.GetEnvironmentVariable("FAULTS") == "all";

    public static int Seed { get; } = int.TryParse(Environment.GetEnvironmentVariable("FAULTS_SEED"), out var seed)
        ? seed
        : Random.Shared.Next(1000);

    public static IEnumerable<Case> Of(Operation operation, IReadOnlyList<CallSite> calls, IReadOnlyList<Fault> faults)
    {
        var signatures = calls.Select(site => site.Signature).ToHashSet();
        var all = from site in calls from fault in faults select new Case(operation, site, fault) { Signatures = signatures };
        if (TakesAll)
            return all;
        var random = new Random(Seed);
        return all.GroupBy(@case => (operation.Starts ? new(@case.Site.Signature, 0) : @case.Site, @case.Fault!.Class))
            .Where(_ => random.Next(Share) == 0)
            .Select(group => group.ElementAt(random.Next(group.Count())));
    }
}
