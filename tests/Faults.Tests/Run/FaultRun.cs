using System.Diagnostics;

namespace Faults.Tests.Run;

/// <summary>Several stations at once: most of the time is waiting for timeouts.</summary>
public sealed class FaultRun : IAsyncLifetime
{
    private static readonly Operation[] All =
    [
        .. Logins.All, .. Refreshes.All, .. Endings.All, .. Mails.All, Logins.OverTheCap, .. Globals.Lists, Globals.Purge, Globals.Flag, Globals.Rotate,
        RollUps.Operation, Retentions.Operation, Alerts.Operation, StartRun.Operation,
    ];

    private readonly List<ICases> _runs = [];

    /// <summary>Limited by FAULTS_ONLY, a part of their names.</summary>
    public static IReadOnlyList<Operation> Operations { get; } =
        [.. All.Where(operation => operation.Name.Contains(Environment.GetEnvironmentVariable("FAULTS_ONLY") ?? "", StringComparison.Ordinal))];

    public TimeSpan Elapsed { get; private set; }

    public IReadOnlyList<Case> Cases => [.. _runs.SelectMany(run => run.Cases)];

    public async Task InitializeAsync()
    {
        var clock = Stopwatch.StartNew();
        await using var azurite = await Azurite.StartAsync();
        await using var proxy = await StorageProxy.StartAsync(azurite);
        await Task.WhenAll(
            RunAsync(await AppInstance.StartAsync(azurite, proxy), [.. Logins.All, .. Refreshes.All, .. Endings.All, .. Mails.All]),
            RunAsync(
                // Most of these can't run beside themselves, so they would wait for a second each time.
                await AppInstance.StartAsync(azurite, proxy, ("Sessions__MaximumPerAccount", "2"), ("Storage__NetworkTimeout", "00:00:01")),
                [Logins.OverTheCap, .. Globals.Lists, Globals.Purge, Globals.Flag, Globals.Rotate]),
            // It makes the same calls as flagging does, and neither names anybody.
            RunAsync(await AppInstance.StartAsync(azurite, proxy, ("Storage__NetworkTimeout", "00:00:01")), [RollUps.Operation]),
            RunAsync(await AppInstance.StartAsync(azurite, proxy, ("Storage__NetworkTimeout", "00:00:01")), [Alerts.Operation]),
            RunAsync(await AppInstance.StartAsync(azurite, proxy, ("Storage__NetworkTimeout", "00:00:01")), [Retentions.Operation]),
            StartAsync(azurite, proxy));
        Elapsed = clock.Elapsed;
    }

    public Task DisposeAsync()
    {
        foreach (var run in _runs.OfType<IDisposable>())
            run.Dispose();
        return Task.CompletedTask;
    }

    public IReadOnlyList<CallSite> CallsOf(Operation operation) =>
        _runs.Select(run => run.Calls.GetValueOrDefault(operation)).FirstOrDefault(calls => calls is not null) ?? [];

    private async Task RunAsync(AppInstance station, IReadOnlyList<Operation> operations)
    {
        await using var disposal = station;
        var run = new StationRun(station, [.. operations.Where(Operations.Contains)]);
        _runs.Add(run);
        await run.RunAsync();
    }

    private async Task StartAsync(Azurite azurite, StorageProxy proxy)
    {
        if (!Operations.Contains(StartRun.Operation))
            return;
        var run = new StartRun(azurite, proxy);
        _runs.Add(run);
        await run.RunAsync();
    }
}
