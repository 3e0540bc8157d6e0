namespace Faults.Tests.Soak;

/// <summary>One instance lives through the whole run, one ends again and again.</summary>
internal sealed class Instances(AppInstance station, Ledger ledger, int seed) : IAsyncDisposable
{
    private readonly Random _random = new(seed);
    private readonly List<Instance> _ended = [];
    private volatile Instance? _mortal;

    public Instance Steady { get; } = new(station.App);

    public Instance? Mortal => _mortal;

    public Instance Pick(Random random) => _mortal is { } mortal && random.Next(2) == 0 ? mortal : Steady;

    public async Task ComeAndGoAsync(CancellationToken stop)
    {
        while (true)
        {
            _mortal = await StartAsync();
            if (!await LastsAsync(3000, 7000, stop))
                return;
            await EndAsync(_mortal);
            // What runs on the other one has it for itself for a while.
            if (!await LastsAsync(200, 1500, stop))
                return;
        }
    }

    public async Task StayAsync() => _mortal ??= await StartAsync();

    public async ValueTask DisposeAsync()
    {
        Steady.Client.Dispose();
        foreach (var instance in _mortal is { } mortal ? [.. _ended, mortal] : _ended)
        {
            instance.Client.Dispose();
            await instance.Process.DisposeAsync();
        }
    }

    private async Task EndAsync(Instance mortal)
    {
        _mortal = null;
        _ended.Add(mortal);
        mortal.IsEnding = true;
        if (_random.Next(3) > 0)
        {
            ledger.Count("kills", "SIGKILL");
            await mortal.Process.KillAsync();
        }
        else
        {
            ledger.Count("kills", "SIGTERM");
            await mortal.Process.StopAsync();
        }
    }

    private async Task<Instance> StartAsync()
    {
        while (true)
        {
            var process = station.Launch(AppInstance.Timeout);
            try
            {
                await StationRun.WaitUntilReadyAsync(process);
                return new(process);
            }
            catch (TimeoutException) when (process.Output.Contains("is in use", StringComparison.Ordinal))
            {
                // Somebody else took the port before the app did.
                await process.DisposeAsync();
            }
        }
    }

    private async Task<bool> LastsAsync(int shortest, int longest, CancellationToken stop)
    {
        await Task.WhenAny(Task.Delay(_random.Next(shortest, longest), stop));
        return !stop.IsCancellationRequested;
    }
}

internal sealed class Instance(AppProcess process)
{
    public AppProcess Process => process;

    public SessionClient Client { get; } = new(process.BaseAddress);

    public volatile bool IsEnding;
}
