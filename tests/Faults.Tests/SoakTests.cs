using Faults.Tests.Soak;
using Xunit.Abstractions;

namespace Faults.Tests;

/// <summary>In a collection with the faults, since tests beside it would make an honest answer late (docs/faults.md, "Soak").</summary>
[Collection("One after the other")]
public sealed class SoakTests(SoakRun run, ITestOutputHelper output) : IClassFixture<SoakRun>
{
    [Fact]
    public void Every_answer_under_load_is_in_time_and_as_acknowledged_before()
    {
        output.WriteLine(run.Record);
        Assert.True(run.Ledger.Violations.Count == run.Losses.Count, string.Join('\n', run.Ledger.Violations.Take(10)));
    }

    [Fact]
    public void No_acknowledged_change_is_lost_and_each_has_its_log_entry() => Assert.True(run.Losses.Count == 0, string.Join('\n', run.Losses.Take(10)));

    [Fact]
    public void Memory_and_handles_stay_flat() => run.ResourceSampler.AreFlat();

    [Fact]
    public void The_load_has_met_every_kind_of_trouble()
    {
        Assert.All(Fault.All.Select(fault => $"{fault.Class}").Distinct(), name => Assert.True(run.Ledger.Total("faults", name) > 0, name));
        Assert.True(run.Ledger.Total("kills") > 0);
        Assert.True(run.Ledger.Total("changes acknowledged") > 100);
    }
}
