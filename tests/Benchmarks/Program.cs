using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Benchmarks.App;
using Benchmarks.Micro;

const string Usage = """
    Usage: dotnet dev.cs bench [--json FILE] | --micro

      Measures the app beside a bare worker, in one run, and holds it against the budgets of docs/performance.md.
      Exit code 1 when one is missed.

      --json FILE   writes the figures to a file, too
      --micro       measures the token codec, keys, rows and JSON instead, with the bytes that they allocate
    """;

switch (args)
{
    case ["--micro"]:
        // In this process: the toolchain that builds a project of its own for each benchmark takes minutes.
        BenchmarkRunner.Run(
            typeof(TokenBenchmarks).Assembly,
            DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance)).AddDiagnoser(MemoryDiagnoser.Default)
                .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "serverless-benchmarks")));
        return 0;
    case [] or ["--json", _]:
        try
        {
            return await MeasureAsync(args.ElementAtOrDefault(1));
        }
        catch (BenchmarkException exception)
        {
            Console.Error.WriteLine(exception.Message);
            return 1;
        }

    default:
        Console.Error.WriteLine(Usage);
        return 2;
}

static async Task<int> MeasureAsync(string? file)
{
    var report = await AppBenchmark.RunAsync(Console.WriteLine);
    Console.WriteLine($"\n{report.Figures}\n");
    foreach (var budget in report.Budgets)
    {
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{(budget.Held ? "held  " : "MISSED")} {budget.Name}: {budget.Measured:0.##} of {budget.Limit:0.##}"));
    }

    if (file is not null)
        await File.WriteAllTextAsync(file, report.ToJson());
    return report.Budgets.All(budget => budget.Held) ? 0 : 1;
}
