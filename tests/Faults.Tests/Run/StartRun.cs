namespace Faults.Tests.Run;

/// <summary>The first start makes tables, key ring and administrator. Each case is a start or two, so only FAULTS=all runs all.</summary>
internal sealed class StartRun(Azurite azurite, StorageProxy proxy) : ICases
{
    private const int AtOnce = 2;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private readonly List<Case> _cases = [];

    public static Operation Operation { get; } = new("first start", _ => Task.FromResult(new Scene()),
        _ => new(HttpMethod.Get, SessionClient.Api(".well-known/jwks.json")), (_, answer) => answer.Status == 200)
    {
        IsSole = true,
        Starts = true,
        InStorage = (_, rows) =>
        {
            var key = Email.TryParse(AppSettings.AdminEmail, out var email) ? email.ToAccountKey().Value : "";
            var account = rows.Account(key);
            Assert.Equal("admin", account?.GetString("Roles"));
            Invariants.CheckAccount(key, account!.GetString("UserId"), rows);
            Assert.Single(rows.Log(account.GetString("UserId"), "account_created"));
            Assert.Single(rows.Security, row => row.PartitionKey == "ring");
        },
    };

    public Dictionary<Operation, IReadOnlyList<CallSite>> Calls { get; } = [];

    public IReadOnlyList<Case> Cases => _cases;

    public async Task RunAsync()
    {
        var plain = new Case(Operation, default, null);
        Calls[Operation] = await RunAsync(plain);
        _cases.Add(plain);
        var cases = Selection.Of(Operation, Calls[Operation], [.. Fault.All, .. Fault.Kills]).ToList();
        _cases.AddRange(cases);
        await Parallel.ForEachAsync(cases, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (@case, _) =>
        {
            await RunAsync(@case);
            Progress.CaseDone();
        });
    }

    private async Task<IReadOnlyList<CallSite>> RunAsync(Case @case)
    {
        IReadOnlyList<CallSite> calls = [];
        await Trial.JudgeAsync(@case, async () =>
        {
            await using var station = AppInstance.Empty(
                azurite, proxy, ("Administrator__Email", AppSettings.AdminEmail), ("Administrator__Password", AppSettings.AdminPassword),
                ("Demo__Email", ""));
            @case.Scene = await Operation.Prepare(station);
            var watch = Trial.Begin(station, @case);
            if (Fault.Kills.Contains(@case.Fault))
                await DieAsync(station, watch);

            await using var process = station.Launch(TimeSpan.FromSeconds(1));
            await StationRun.WaitUntilReadyAsync(process);
            await WaitForAdministratorAsync(process);
            calls = watch.Calls;
            watch.Rest();
            Assert.True(@case.Fault is null || watch.Fired, $"The call never came; these did: {string.Join("; ", calls)}");

            using var client = new SessionClient(process.BaseAddress);
            (await client.AskAsync(_ => client.LoginAsync(AppSettings.AdminEmail, AppSettings.AdminPassword))).IsOk();
            Operation.InStorage(@case.Scene, await station.ReadAsync());
        });
        return calls;
    }

    private static async Task DieAsync(AppInstance station, Watch watch)
    {
        await using var process = station.Launch(TimeSpan.FromSeconds(30));
        await Task.WhenAny(watch.Reached.Task, Task.Delay(LongestWait));
        await process.KillAsync();
        watch.Rest();
        watch.Killed.TrySetResult();
    }

    private static async Task WaitForAdministratorAsync(AppProcess process)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!process.Output.Contains("[4001]", StringComparison.Ordinal))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < LongestWait && !process.HasExited, $"No administrator:\n{process.Output}");
            await Task.Delay(50);
        }
    }
}
