using System.Diagnostics;

namespace Benchmarks.App;

/// <summary>What a round of requests took.</summary>
/// <param name="P50Ms">The median latency, in milliseconds.</param>
/// <param name="P99Ms">The latency that 99 % didn't exceed, in milliseconds.</param>
/// <param name="PerSecond">Requests.</param>
/// <param name="WorkerMs">What the worker spent on a request, in milliseconds of a core.</param>
/// <param name="HostMs">What the host spent on a request, in milliseconds of a core.</param>
internal sealed record Round(double P50Ms, double P99Ms, double PerSecond, double WorkerMs, double HostMs)
{
    /// <summary>Sends requests one after another on each of some connections.</summary>
    /// <param name="server">What answers.</param>
    /// <param name="connections">How many connections.</param>
    /// <param name="time">For how long requests begin.</param>
    /// <param name="send">Sends one on the connection of a number, and throws unless it is answered as it should be.</param>
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
            sorted[sorted.Count / 2],
            sorted[(int)(sorted.Count * 0.99)],
            sorted.Count / elapsed.TotalSeconds,
            (workerAfter - worker).TotalMilliseconds / sorted.Count,
            (hostAfter - host).TotalMilliseconds / sorted.Count);
    }
}

/// <summary>The rounds of an operation, and those of the bare worker that took turns with them.</summary>
internal sealed record Rounds(IReadOnlyList<Round> Ours, IReadOnlyList<Round>? Bare)
{
    public double Median(Func<Round, double> figure) => Middle(Ours.Select(figure));

    public double? BareMedian(Func<Round, double> figure) => Bare is null ? null : Middle(Bare.Select(figure));

    /// <summary>The median over the rounds of ours by that of the bare worker right after it.</summary>
    public double? Ratio(Func<Round, double> figure) =>
        Bare is null ? null : Middle(Ours.Zip(Bare, (ours, bare) => figure(ours) / figure(bare)));

    public static double Middle(IEnumerable<double> values) => values.Order().ToList() is var sorted ? sorted[sorted.Count / 2] : 0;
}
