using Serverless.Testing;

namespace Benchmarks.App;

/// <summary>
/// Runs the app against a storage of its own and measures it beside the same storage work without the app. Rounds of both take
/// turns, so that whatever else the machine does hits both.
/// </summary>
internal static class AppBenchmark
{
    private const int Rounds = 3;
    private const int ManyConnections = 16;
    private const int Sessions = 10_000;
    private const int Starts = 5;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(4);
    // What a ratio has a budget for is measured as it runs for hours: with all its code compiled for good.
    private static readonly TimeSpan LongApproach = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Approach = TimeSpan.FromSeconds(0.3);
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(0.8);
    private static readonly TimeSpan OtherRound = TimeSpan.FromSeconds(0.5);

    private static string Assembly => Path.Combine(
        RepositoryRoot.Path, "src", "Serverless.Functions", "bin", "Release", new DirectoryInfo(AppContext.BaseDirectory).Name, "Serverless.Functions.dll");

    public static async Task<Report> RunAsync(Action<string> tell)
    {
        var report = new Report();
        tell("Starting storage and seeding ...");
        await using var azurite = await Azurite.StartAsync();
        await using var seeder = new Seeder(Settings(azurite.ConnectionString));
        var seeded = await seeder.AddSessionsAsync(Sessions);
        var emails = new List<string>();
        while (emails.Count < ManyConnections)
            emails.Add(await seeder.AddAccountAsync());
        var raw = new RawStorage(azurite.ConnectionString, ManyConnections);
        await raw.PrepareAsync();
        var workload = new Workload(raw, seeded, emails);

        tell("Starting the app ...");
        await using var app = await StartAsync(azurite.ConnectionString, report);
        tell("Counting storage transactions ...");
        await CountAsync(azurite, workload, emails, report);

        await using var baseline = await StartBaselineAsync(azurite.ConnectionString);
        await using var uncached = await StartAppAsync(azurite.ConnectionString, cached: false);
        using var api = new Api(app.Address, ManyConnections);
        using var uncachedApi = new Api(uncached.Address, ManyConnections);
        using var other = new Api(baseline.Address, ManyConnections);
        tell("Warming up ...");
        foreach (var operation in workload.Operations.Where(operation => operation.Baseline is not null))
        {
            await new Load(ManyConnections).RunAsync(WarmUp, connection => operation.Send(api, connection));
            await new Load(ManyConnections).RunAsync(WarmUp, connection => AskBaselineAsync(other, operation, connection));
        }

        tell(Report.Header);
        foreach (var connections in new[] { 1, ManyConnections })
        {
            foreach (var operation in workload.Operations)
            {
                var result = await MeasureAsync(
                    operation, connections, operation.Cached ? (app, api) : (uncached, uncachedApi), (baseline, other));
                report.Add(operation, connections, result);
                tell(report.Lines[^1]);
            }
        }

        tell("Showing all sessions to the app ...");
        await workload.VisitAllAsync(api);
        report.ResidentMb = app.ResidentMb;
        await TimerBenchmark.RunAsync(report, tell);
        return report;
    }

    private static async Task<Result> MeasureAsync(
        Operation operation, int connections, (ServerProcess Process, Api Api) app, (ServerProcess Process, Api Api) baseline)
    {
        var (ours, raw, other) = (new Load(connections), new Load(connections), new Load(connections));
        var approach = operation.Baseline is null ? Approach : LongApproach;
        await new Load(connections).RunAsync(approach, connection => operation.Send(app.Api, connection));
        for (var round = 0; round < Rounds; round++)
        {
            if (operation.Raw is { } send)
                await raw.RunAsync(OtherRound, send);
            await ours.RunAsync(Round, connection => operation.Send(app.Api, connection), app.Process);
            if (operation.Baseline is not null)
                await other.RunAsync(OtherRound, connection => AskBaselineAsync(baseline.Api, operation, connection), baseline.Process);
        }

        return new(ours, operation.Raw is null ? null : raw, operation.Baseline is null ? null : other);
    }

    private static Task AskBaselineAsync(Api baseline, Operation operation, int connection)
    {
        var path = operation.Baseline!(connection);
        return path == Baseline.Empty ? baseline.GetAsync(path) : baseline.PostAsync(path);
    }

    /// <summary>Starts the app several times and keeps the last.</summary>
    private static async Task<ServerProcess> StartAsync(string connectionString, Report report)
    {
        var times = new List<double>();
        while (true)
        {
            var app = await StartAppAsync(connectionString);
            times.Add(app.FirstAnswer.TotalMilliseconds);
            if (times.Count == Starts)
            {
                report.ColdStartMs = times.Order().ElementAt(Starts / 2);
                return app;
            }

            await app.DisposeAsync();
        }
    }

    private static async Task CountAsync(Azurite azurite, Workload workload, IReadOnlyList<string> emails, Report report)
    {
        await using var proxy = await CountingProxy.StartAsync(new($"http://127.0.0.1:{azurite.Port}/"));
        await using var app = await StartAppAsync(proxy.Route(azurite.ConnectionString));
        await using var uncached = await StartAppAsync(proxy.Route(azurite.ConnectionString), cached: false);
        using var cachedApi = new Api(app.Address, 1);
        using var uncachedApi = new Api(uncached.Address, 1);
        foreach (var operation in workload.Operations)
        {
            var api = operation.Cached ? cachedApi : uncachedApi;
            await operation.Send(api, 0); // What only the first request costs: tables, keys, the cache.
            await report.CountAsync(proxy, operation.Name, operation.Transactions, () => operation.Send(api, 0));
        }

        await report.CountAsync(proxy, "failed login", 4, () => cachedApi.FailToLogInAsync(emails[0]));
        await report.CountAsync(proxy, "failed login, unknown", 4, () => cachedApi.FailToLogInAsync("nobody@example.com"));
    }

    /// <summary>Starts the app on a storage.</summary>
    /// <param name="connectionString">The storage.</param>
    /// <param name="cached">Whether it may answer status checks from its cache.</param>
    public static Task<ServerProcess> StartAppAsync(string connectionString, bool cached = true)
    {
        var port = ServerProcess.FreePort();
        var settings = Settings(connectionString);
        if (!cached)
            settings["Sessions__StatusCacheSeconds"] = "0";
        return ServerProcess.StartAsync(Assembly, ["--port", $"{port}"], port, settings, "api/health/live");
    }

    private static Task<ServerProcess> StartBaselineAsync(string connectionString)
    {
        var port = ServerProcess.FreePort();
        return ServerProcess.StartAsync(
            typeof(AppBenchmark).Assembly.Location, [Baseline.Command, $"{port}", connectionString, $"{ManyConnections}"], port,
            new Dictionary<string, string>(), Baseline.Empty);
    }

    public static Dictionary<string, string> Settings(string connectionString)
    {
        const string OnceAYear = "0 0 0 1 1 *";
        return new()
        {
            ["AZURE_FUNCTIONS_ENVIRONMENT"] = "Development",
            ["Storage__ConnectionString"] = connectionString,
            ["Storage__TableServiceUri"] = "",
            ["Demo__Email"] = "",
            ["PurgeExpiredSessionsSchedule"] = OnceAYear,
            ["FlagSuspiciousIpsSchedule"] = OnceAYear,
            ["RaiseSecurityAlertsSchedule"] = OnceAYear,
            ["RollUpStatisticsSchedule"] = OnceAYear,
            ["PurgeOldLogsSchedule"] = OnceAYear,
            ["RotateSigningKeysSchedule"] = OnceAYear,
            // One address sends it all, and as many logins wait as there are connections.
            ["RateLimits__LoginsPerMinutePerAddress"] = "0",
            ["RateLimits__LoginsPerMinutePerAccount"] = "0",
            ["RateLimits__RefreshesPerMinutePerAddress"] = "0",
            ["RateLimits__OthersPerMinutePerAddress"] = "0",
            ["Passwords__MaximumWaitSeconds"] = "10",
        };
    }
}

/// <summary>What was measured of an operation.</summary>
/// <param name="Ours">The app.</param>
/// <param name="Raw">Storage without the app.</param>
/// <param name="Baseline">The endpoint to compare CPU time with.</param>
internal sealed record Result(Load Ours, Load? Raw, Load? Baseline);
