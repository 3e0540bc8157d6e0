using FsCheck;
using FsCheck.Fluent;

namespace Serverless.Tables.Tests.Invariants;

/// <summary>
/// After every step, answers, sessions and log are those of the model; a failure names its seed and its shortest run.
/// Keeps a storage busy for long, so it has one of its own and runs beside the others.
/// </summary>
public sealed class InvariantTests(TableFixture fixture) : IClassFixture<TableFixture>
{
    private const int StepsOfARun = 100;

    [Fact]
    public void Over_three_hundred_steps_two_instances_do_what_the_model_says() => Check(runs: 3);

    [Fact]
    [Trait("Run", "nightly")]
    public void Over_ten_thousand_steps_two_instances_do_what_the_model_says() => Check(runs: 100);

    private void Check(int runs)
    {
        var config = Config.QuickThrowOnFailure.WithMaxTest(runs).WithParallelRunConfig(new ParallelRunConfig(4));
        // FSCHECK_SEED=123,457 repeats a run.
        if (Environment.GetEnvironmentVariable("FSCHECK_SEED")?.Split(',') is [var seed, var gamma])
            config = config.WithReplay(ulong.Parse(seed, null), ulong.Parse(gamma, null));
        var steps = 0;
        Prop.ForAll(Steps.Runs(StepsOfARun), run =>
        {
            using var execution = new Run(fixture);
            execution.ExecuteAsync(run).GetAwaiter().GetResult();
            Interlocked.Add(ref steps, execution.Steps);
        }).Check(config);
        Assert.True(steps >= runs * StepsOfARun, $"Only {steps} steps.");
    }
}
