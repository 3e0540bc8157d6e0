using FsCheck;
using FsCheck.Fluent;

namespace Serverless.Tables.Tests.Invariants;

/// <summary>
/// Two instances on one storage, clients that lose replies and race each other, thieves, endings of all kinds, and time: after
/// every step, answers, sessions and log are those of the model. A failure names the seed that repeats it and the shortest run
/// that was found to fail.
/// </summary>
[Collection(nameof(TableFixture))]
public sealed class InvariantTests(TableFixture fixture)
{
    private const int Runs = 100;
    private const int StepsOfARun = 100;

    // FSCHECK_SEED=123,457 repeats a run.
    private static Config Config
    {
        get
        {
            var config = Config.QuickThrowOnFailure.WithMaxTest(Runs).WithParallelRunConfig(new ParallelRunConfig(4));
            return Environment.GetEnvironmentVariable("FSCHECK_SEED")?.Split(',') is [var seed, var gamma]
                ? config.WithReplay(ulong.Parse(seed, null), ulong.Parse(gamma, null))
                : config;
        }
    }

    [Fact]
    public void Over_ten_thousand_steps_two_instances_do_what_the_model_says()
    {
        var steps = 0;
        Prop.ForAll(Steps.Runs(StepsOfARun), run =>
        {
            using var execution = new Run(fixture);
            execution.ExecuteAsync(run).GetAwaiter().GetResult();
            Interlocked.Add(ref steps, execution.Steps);
        }).Check(Config);
        Assert.True(steps >= Runs * StepsOfARun, $"Only {steps} steps.");
    }
}
