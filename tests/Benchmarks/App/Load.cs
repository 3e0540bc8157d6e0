using System.Diagnostics;

namespace Benchmarks.App;

/// <summary>Sends requests one after another on each of some connections, and measures them.</summary>
internal sealed class Load(int connections)
{
    private readonly List<double>[] _latencies = [.. Enumerable.Range(0, connections).Select(_ => new List<double>())];

    private TimeSpan _elapsed;
    private TimeSpan _cpu;

    public int Requests => _latencies.Sum(each => each.Count);

    public double PerSecond => Requests / _elapsed.TotalSeconds;

    /// <summary>What the server's process spent on a request, in milliseconds of a core.</summary>
    public double CpuMs => _cpu.TotalMilliseconds / Requests;

    /// <summary>The latency that this part of the requests didn't exceed, in milliseconds.</summary>
    public double Percentile(double part)
    {
        var sorted = _latencies.SelectMany(each => each).Order().ToList();
        return sorted[(int)Math.Min(sorted.Count * part, sorted.Count - 1)];
    }

    /// <summary>A round; what several of them measured counts together.</summary>
    /// <param name="time">For how long requests begin.</param>
    /// <param name="send">Sends one on the connection of a number, and throws unless it is answered as it should be.</param>
    /// <param name="server">The process that answers; null where nobody asks what it spends.</param>
    public async Task RunAsync(TimeSpan time, Func<int, Task> send, ServerProcess? server = null)
    {
        var cpu = server?.Cpu ?? default;
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(_latencies.Select((latencies, connection) => Task.Run(async () =>
        {
            while (clock.Elapsed < time)
            {
                var began = Stopwatch.GetTimestamp();
                await send(connection);
                latencies.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
        })));
        _elapsed += clock.Elapsed;
        _cpu += (server?.Cpu ?? default) - cpu;
    }
}
