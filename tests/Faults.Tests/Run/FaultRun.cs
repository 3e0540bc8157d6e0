using System.Diagnostics;

namespace Faults.Tests.Run;

/// <summary>Several stations at once: most of the time is waiting for timeouts.</summary>
public sealed class FaultRun : IAsyncLifetime
{
    // Most operations of these stations can't run beside themselves, so they would wait for a second each time.
    private static readonly (string Name, string Value) ShortTimeout = ("Storage__NetworkTimeout", "00:00:01");

    private static readonly (string Name, string Value)[] WithoutMailLimits =
    [
        ("Email__MaximumPerHour", "1000000"), ("RateLimits__MailsPerHourPerAddress", "0"), ("RateLimits__MailsPerHourPerAccount", "0"),
    ];

    private static readonly ((string Name, string Value)[] Settings, Operation[] Operations)[] Stations =
    [
        ([], [.. Logins.All, .. Refreshes.All, .. Endings.All, .. Passkeys.All, .. Mails.All, .. Locations.All, .. Consoles.OfUsers, Imports.Operation]),
        (
            [("Sessions__MaximumPerAccount", "2"), ShortTimeout],
            [Logins.OverTheCap, .. Globals.Lists, Globals.Purge, Globals.Flag, Globals.Rotate]),
        // It makes the same calls as flagging does, and neither names anybody.
        ([ShortTimeout], [RollUps.Operation, Outboxes.Operation]),
        ([ShortTimeout], [Alerts.Operation]),
        ([ShortTimeout], [Retentions.Operation]),
        ([ShortTimeout], [Erasures.Operation]),
        ([ShortTimeout], [Leftovers.Operation]),
        ([ShortTimeout], [Consoles.Activity, Consoles.Health]),
        ([("Push__Subject", "mailto:operator@example.com")], [.. Pushes.All, Logins.ToldByPush]),
        ([("Location__NewCountry", "Refuse")], [Locations.Refused, Consoles.LiveFigures]),
        ([("Accounts__VerifyEmail", "true")], [.. Links.All, Passkeys.ByLink, Passkeys.OfLink, .. Closings.All]),
    ];

    /// <summary>Limited by FAULTS_ONLY, parts of their names.</summary>
    public static IReadOnlyList<Operation> Operations { get; } =
    [
        .. from operation in Stations.SelectMany(station => station.Operations).Append(StartRun.Operation)
           where (Environment.GetEnvironmentVariable("FAULTS_ONLY") ?? "").Split(',')
               .Any(part => operation.Name.Contains(part, StringComparison.Ordinal))
           select operation,
    ];

    public TimeSpan Elapsed { get; private set; }

    public IReadOnlyList<Case> Cases { get; private set; } = [];

    public async Task InitializeAsync()
    {
        var clock = Stopwatch.StartNew();
        await using var azurite = await Azurite.StartAsync();
        await using var proxy = await StorageProxy.StartAsync(azurite);
        await using var mails = await MailServer.StartAsync();
        var runs = new List<Task<IReadOnlyList<Case>>>();
        foreach (var (settings, operations) in Stations.Where(station => station.Operations.Any(Operations.Contains)))
        {
            var station = await AppInstance.StartAsync(azurite, proxy, [.. settings, .. mails.Settings, .. WithoutMailLimits]);
            station.Mails = mails;
            await station.Bench.CountMailsAsync();
            runs.Add(RunAsync(station, [.. operations.Where(Operations.Contains)]));
        }

        if (Operations.Contains(StartRun.Operation))
            runs.Add(new StartRun(azurite, proxy).RunAsync());
        Cases = [.. (await Task.WhenAll(runs)).SelectMany(cases => cases)];
        Elapsed = clock.Elapsed;
    }

    public Task DisposeAsync() => Task.CompletedTask;

    private static async Task<IReadOnlyList<Case>> RunAsync(AppInstance station, IReadOnlyList<Operation> operations)
    {
        await using var disposal = station;
        return await new StationRun(station, operations).RunAsync();
    }
}
