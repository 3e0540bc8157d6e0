namespace Faults.Tests.Run;

/// <summary>The first start makes tables, key ring and administrator. Each case is a start or two, so only FAULTS=all runs all.</summary>
internal sealed class StartRun(Azurite azurite, StorageProxy proxy)
{
    private const int AtOnce = 2;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    public static Operation Operation { get; } = new("first start", _ => Task.FromResult(new Scene()),
        _ => SessionClient.Get(".well-known/jwks.json"))
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

    public async Task<IReadOnlyList<Case>> RunAsync()
    {
        var plain = new Case(Operation, default, null);
        await RunAsync(plain);
        var cases = Selection.Of(Operation, plain.Calls, [.. Fault.All, .. Fault.Kills]).ToList();
        await Parallel.ForEachAsync(cases, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (@case, _) =>
        {
            await RunAsync(@case);
            Progress.CaseDone();
        });
        return [plain, .. cases];
    }

    private Task RunAsync(Case @case) => Trial.JudgeAsync(@case, async () =>
    {
        await using var station = new AppInstance(
            azurite, proxy, ("Demo__Email", ""),
            ("Administrator__Email", AppSettings.AdminEmail), ("Administrator__Password", AppSettings.AdminPassword));
        @case.Scene = await Operation.Prepare(station);
        var watch = Trial.Begin(station, @case);
        if (Fault.Kills.Contains(@case.Fault))
            await DieAsync(station, watch);

        await using var process = station.Launch(TimeSpan.FromSeconds(1));
        await StationRun.WaitUntilReadyAsync(process);
        await process.UntilPrintedAsync("[4001]");
        @case.Calls = watch.Calls;
        watch.Rest();
        if (@case.Fault is not null)
            watch.HasFired();

        using var client = new SessionClient(process.BaseAddress);
        (await client.AskAsync(_ => client.LoginAsync(AppSettings.AdminEmail, AppSettings.AdminPassword))).IsOk();
        Operation.InStorage(@case.Scene, await station.ReadAsync());
    });

    private static async Task DieAsync(AppInstance station, Watch watch)
    {
        await using var process = station.Launch(TimeSpan.FromSeconds(30));
        await Task.WhenAny(watch.Reached.Task, Task.Delay(LongestWait));
        await process.KillAsync();
        watch.Bury();
    }
}
