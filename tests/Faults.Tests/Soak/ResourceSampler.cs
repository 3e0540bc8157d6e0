namespace Faults.Tests.Soak;

/// <summary>Memory and open handles of a process, which must stay flat after the first third of a run, its warm-up.</summary>
internal sealed class ResourceSampler(AppProcess process)
{
    private const double Megabyte = 1 << 20;
    private const double MemoryShare = 1.10;
    private const double MemoryMargin = 10;

    // A stall has everybody wait at the same time, each with a connection to the app and one from it; idle ones stay for a minute.
    private const double HandleMargin = 2 * SoakRun.Users;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly List<double> _memory = [];
    private readonly List<double> _handles = [];

    public async Task SampleAsync(CancellationToken stop)
    {
        // Of the worker: a host is not what is deployed.
        using var worker = process.Worker;
        while (!stop.IsCancellationRequested)
        {
            worker.Refresh();
            _memory.Add(worker.WorkingSet64 / Megabyte);
            _handles.Add(Directory.GetFileSystemEntries($"/proc/{worker.Id}/fd").Length);
            await Task.WhenAny(Task.Delay(Interval, stop));
        }
    }

    /// <summary>Compares the median of the last third with that of the second.</summary>
    public void AreFlat()
    {
        var (memory, handles) = (Medians(_memory), Medians(_handles));
        Assert.True(memory[2] <= (memory[1] * MemoryShare) + MemoryMargin, $"Memory grows: {this}");
        Assert.True(handles[2] <= handles[1] + HandleMargin, $"Handles grow: {this}");
    }

    public override string ToString() =>
        $"memory {string.Join(", ", Medians(_memory).Select(value => $"{value:0.0}"))} MB; handles {string.Join(", ", Medians(_handles))} (medians of each third)";

    private static double[] Medians(List<double> samples) =>
        [.. Enumerable.Range(0, 3).Select(third => samples[(third * samples.Count / 3)..((third + 1) * samples.Count / 3)].Order().ElementAt(samples.Count / 6))];
}
