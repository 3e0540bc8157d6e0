using System.Diagnostics;
using Faults.Tests.Hosting;
using Faults.Tests.Operations;
using Faults.Tests.Proxy;
using Serverless.Testing;

namespace Faults.Tests.Run;

/// <summary>All cases of all operations, over several stations at once: most of the time is waiting for timeouts.</summary>
public sealed class FaultRun : IAsyncLifetime
{
    private readonly List<StationRun> _runs = [];

    public static IReadOnlyList<Operation> Operations { get; } =
    [
        .. Logins.All, .. Refreshes.All, .. Endings.All, Logins.OverTheCap, .. Globals.Lists, Globals.Purge, Globals.Flag, Globals.Rotate,
    ];

    public TimeSpan Elapsed { get; private set; }

    public IReadOnlyList<Case> Cases => [.. _runs.SelectMany(run => run.Cases)];

    public async Task InitializeAsync()
    {
        var clock = Stopwatch.StartNew();
        await using var azurite = await Azurite.StartAsync();
        await using var proxy = await StorageProxy.StartAsync(azurite);
        await Task.WhenAll(
            RunAsync(await Station.StartAsync(azurite, proxy), [.. Logins.All, .. Refreshes.All, .. Endings.All]),
            RunAsync(
                await Station.StartAsync(azurite, proxy, ("Sessions__MaximumPerAccount", "2"), ("Storage__NetworkTimeoutMilliseconds", "500")),
                [Logins.OverTheCap, .. Globals.Lists]),
            RunAsync(await Station.StartAsync(azurite, proxy, ("Storage__NetworkTimeoutMilliseconds", "500")), [Globals.Purge]),
            RunAsync(await Station.StartAsync(azurite, proxy, ("Storage__NetworkTimeoutMilliseconds", "500")), [Globals.Flag, Globals.Rotate]));
        Elapsed = clock.Elapsed;
    }

    public Task DisposeAsync()
    {
        foreach (var run in _runs)
            run.Dispose();
        return Task.CompletedTask;
    }

    public IReadOnlyList<CallSite> CallsOf(Operation operation) =>
        _runs.Select(run => run.Calls.GetValueOrDefault(operation)).FirstOrDefault(calls => calls is not null) ?? [];

    private async Task RunAsync(Station station, IReadOnlyList<Operation> operations)
    {
        await using var disposal = station;
        var run = new StationRun(station, operations);
        _runs.Add(run);
        await run.RunAsync();
    }
}
