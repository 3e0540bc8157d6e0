using System.Diagnostics;

namespace Faults.Tests.Soak;

/// <summary>Users of two instances over a storage in trouble, for SOAK_SECONDS.</summary>
public sealed class SoakRun : IAsyncLifetime
{
    internal const int Users = 40;
    private const int SessionsEach = 2;
    private const int Shortest = 30;

    /// <summary>Short, so that there is time for a client to come back after it.</summary>
    internal static readonly TimeSpan Grace = TimeSpan.FromSeconds(8);

    // What comes before and after the load: the starts, and the questions at the end.
    private static readonly TimeSpan Around = TimeSpan.FromSeconds(18);

    // Until no instance believes in what it read before (Sessions__StatusCacheLifetime), and no delayed call is on its way.
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(5.5);

    private readonly Stopwatch _clock = new();

    private static int Seed { get; } = Setting("SOAK_SEED", 1);
    private static TimeSpan Load { get; } = TimeSpan.FromSeconds(Math.Max(Setting("SOAK_SECONDS", 60), Shortest)) - Around;

    internal Ledger Ledger { get; } = new();
    internal ResourceSampler ResourceSampler { get; private set; } = null!;
    public IReadOnlyList<string> Losses { get; private set; } = [];

    public string Record => $"seed {Seed}, {_clock.Elapsed.TotalSeconds:0} s, of which {Load.TotalSeconds:0} s of load\n{Ledger}\n{ResourceSampler}";

    public async Task InitializeAsync()
    {
        _clock.Start();
        await using var azurite = await Azurite.StartAsync();
        await using var proxy = await StorageProxy.StartAsync(azurite);
        await using var station = await AppInstance.StartAsync(
            azurite, proxy, ("Sessions__Grace", $"{Grace}"), ("Passwords__MaximumWait", "00:00:02"),
            // A change of a password that is repeated counts as a guess.
            ("Throttle__FailuresBeforeLock", "100"));
        await using var instances = new Instances(station, Ledger, Seed);
        using var stop = new CancellationTokenSource();
        var users = await Task.WhenAll(Enumerable.Range(0, Users).Select(async i =>
            new User(await station.Bench.NewPartyAsync(SessionsEach), instances, Ledger, Seed + i, stop.Token)));

        var injector = new FaultInjector(Seed, Ledger);
        station.Traffic.Otherwise = injector.InterceptAsync;
        ResourceSampler = new(station.App);
        var load = users.Select(user => user.LiveAsync()).ToList();
        Task[] around = [instances.ComeAndGoAsync(stop.Token), ResourceSampler.SampleAsync(stop.Token), TellAsync(stop.Token)];
        await Task.Delay(Load);
        await stop.CancelAsync();
        await Task.WhenAll([.. load, .. around]);

        injector.Stop();
        await instances.StayAsync();
        await Task.Delay(Quiet);
        await CheckAsync(users, instances, station);
        Progress.Tell(Record);
        _clock.Stop();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    private async Task CheckAsync(User[] users, Instances instances, AppInstance station)
    {
        var before = Ledger.Violations.Count;
        var clients = new[] { instances.Steady.Client, instances.Mortal!.Client };
        var checks = users.Where(user => !user.IsLost).Select(user => (User: user, FinalCheck: new FinalCheck(user, clients))).ToList();
        await Parallel.ForEachAsync(checks, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (each, _) =>
            await each.User.JudgeAsync("asked in the end", each.FinalCheck.AskAsync));
        var rows = await station.ReadAsync();
        foreach (var (user, check) in checks)
        {
            await user.JudgeAsync("compared in the end", () =>
            {
                check.Compare(rows);
                return Task.CompletedTask;
            });
        }

        Losses = [.. Ledger.Violations.Skip(before)];
    }

    private async Task TellAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await Task.WhenAny(Task.Delay(TimeSpan.FromSeconds(10), stop));
            Progress.Tell($"{Ledger.Total("requests")} requests, {Ledger.Total("faults")} faults, {Ledger.Violations.Count} violations");
        }
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}
