using System.Diagnostics;

namespace Benchmarks.App;

/// <summary>The latencies and CPU times of one request in a round of them.</summary>
internal sealed record Round(double P50Ms, double P99Ms, double PerSecond, double WorkerMs, double HostMs)
{
    public static async Task<Round> RunAsync(ServerProcess server, int connections, TimeSpan time, Func<int, Task> send)
    {
        var (worker, host) = server.Cpu;
        var clock = Stopwatch.StartNew();
        var latencies = await Task.WhenAll(Enumerable.Range(0, connections).Select(connection => Task.Run(async () =>
        {
            var own = new List<double>();
            while (clock.Elapsed < time)
            {
                var began = Stopwatch.GetTimestamp();
                await send(connection);
                own.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }

            return own;
        })));
        var (elapsed, (workerAfter, hostAfter)) = (clock.Elapsed, server.Cpu);
        var sorted = latencies.SelectMany(each => each).Order().ToList();
        return new(
            sorted[sorted.Count / 2], sorted[(int)(sorted.Count * 0.99)], sorted.Count / elapsed.TotalSeconds,
            (workerAfter - worker).TotalMilliseconds / sorted.Count, (hostAfter - host).TotalMilliseconds / sorted.Count);
    }
}

/// <summary>The rounds of an operation, and those of the bare worker that took turns with them.</summary>
internal sealed record Rounds(IReadOnlyList<Round> Ours, IReadOnlyList<Round>? Bare)
{
    public double Median(Func<Round, double> figure) => Middle(Ours.Select(figure));
    public double? BareMedian(Func<Round, double> figure) => Bare is null ? null : Middle(Bare.Select(figure));

    public double? Ratio(Func<Round, double> figure) =>
        Bare is null ? null : Middle(Ours.Zip(Bare, (ours, bare) => figure(ours) / figure(bare)));

    public static double Middle(IEnumerable<double> values) => values.Order().ToList() is var sorted ? sorted[sorted.Count / 2] : 0;
}
