namespace Faults.Tests.Run;

/// <summary>FAULTS=all takes all cases, FAULTS=2/4 the second quarter of them; otherwise each call meets a third of the faults, by FAULTS_SEED.</summary>
internal static class Selection
{
    private const int Share = 3;

    // Of a mail and of a push message.
    private static readonly string[] FirstOfSending =
        ["GET Accounts o:", "query Sessions PartitionKey eq '' and RowKey ge 'p:' and RowKey lt 's;'"];

    /// <summary>Which part of all cases is taken, of how many; null where some are chosen.</summary>
    private static readonly (int Number, int Count)? Part = Environment.GetEnvironmentVariable("FAULTS")?.Split('/') switch
    {
        null or [""] => null,
        ["all"] => (1, 1),
        [var number, var count] => (int.Parse(number, CultureInfo.InvariantCulture), int.Parse(count, CultureInfo.InvariantCulture)),
        _ => throw new InvalidOperationException("FAULTS is all, or a part such as 2/4."),
    };

    public static int Seed { get; } = int.TryParse(Environment.GetEnvironmentVariable("FAULTS_SEED"), out var seed)
        ? seed
        : Random.Shared.Next(1000);

    public static IEnumerable<Case> Of(Operation operation, IReadOnlyList<CallSite> calls, IReadOnlyList<Fault> faults)
    {
        var signatures = calls.Select(site => site.Signature).ToHashSet();
        var behind = calls.SkipWhile(site => !operation.Sends || !FirstOfSending.Contains(site.Signature)).ToHashSet();
        var all = from site in calls
                  from fault in faults
                  select new Case(operation, site, fault) { Signatures = signatures, IsBehind = behind.Contains(site) };
        if (Part is var (number, count))
            return all.Where((_, index) => index % count == number - 1);
        var random = new Random(Seed);
        return all.GroupBy(@case => (operation.Starts ? new(@case.Site.Signature, 0) : @case.Site, @case.Fault!.Class))
            .Where(_ => random.Next(Share) == 0)
            .Select(group => group.ElementAt(random.Next(group.Count())));
    }
}
