using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Benchmarks.App;
using Benchmarks.Micro;

// dotnet dev.cs bench checks the arguments and explains them.
if (args is ["--micro"])
{
    // In this process: the toolchain that builds a project of its own for each benchmark takes minutes.
    BenchmarkRunner.Run(typeof(TokenBenchmarks).Assembly, DefaultConfig.Instance
        .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance)).AddDiagnoser(MemoryDiagnoser.Default)
        .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "serverless-benchmarks")));
    return 0;
}

try
{
    var report = await AppBenchmark.RunAsync(Console.WriteLine);
    Console.WriteLine($"\n{report.Figures}\n");
    foreach (var budget in report.Budgets)
    {
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{(budget.Held ? "held  " : "MISSED")} {budget.Name}: {budget.Measured:0.##} of {budget.Limit:0.##}"));
    }

    if (args is ["--json", var file])
        await File.WriteAllTextAsync(file, report.ToJson());
    return report.Budgets.All(budget => budget.Held) ? 0 : 1;
}
catch (BenchmarkException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}
