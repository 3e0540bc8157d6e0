using Xunit.Abstractions;

namespace Faults.Tests;

/// <summary>Every fault at every call to storage of every operation: docs/faults.md.</summary>
[Collection("One after the other")]
public sealed class FaultTests(FaultRun run, ITestOutputHelper output) : IClassFixture<FaultRun>
{
    public static TheoryData<string> Operations => [.. FaultRun.Operations.Select(operation => operation.Name)];

    [Theory]
    [MemberData(nameof(Operations))]
    public void After_any_fault_the_retry_succeeds_and_the_invariants_hold(string name)
    {
        var operation = FaultRun.Operations.Single(operation => operation.Name == name);
        var cases = run.Cases.Where(@case => @case.Operation == operation).ToList();
        var calls = cases.Where(@case => @case.Fault is null).SelectMany(plain => plain.Calls).ToList();
        var violations = cases.Where(@case => @case.Violation is not null).ToList();
        output.WriteLine($"{cases.Count} cases, {violations.Count} violations; calls: {string.Join("; ", calls)}");

        Assert.NotEmpty(calls);
        Assert.True(
            violations.Count == 0,
            $"{violations.Count} of {cases.Count} cases:\n{string.Join('\n', violations.Select(@case => $"{@case}: {@case.Violation}"))}");
    }

    [Fact]
    public void The_count_of_cases_is_on_record()
    {
        var violations = run.Cases.Count(@case => @case.Violation is not null);
        output.WriteLine($"{run.Cases.Count} cases, {violations} violations, {run.Elapsed.TotalSeconds:0} s, seed {Selection.Seed}");
        Assert.NotEmpty(run.Cases);
    }
}
