namespace Benchmarks.App;

/// <summary>Measures the app and a bare worker on one storage, in turns, so that the load of the machine hits both.</summary>
internal static class AppBenchmark
{
    private const string App = "src/Serverless.Functions";
    private const string BareWorker = "tests/BareWorker";
    private const int Turns = 5;
    private const int ManyConnections = 16;
    private const int Sessions = 10_000;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Approach = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(1);

    public static async Task<Report> RunAsync(Action<string> tell)
    {
        var report = new Report();
        tell("Publishing the app and the bare worker ...");
        await ServerProcess.PublishAsync(App);
        await ServerProcess.PublishAsync(BareWorker);

        tell("Starting storage and seeding ...");
        await using var azurite = await Azurite.StartAsync();
        await using var redis = await RedisServer.StartAsync();
        await using var seeder = new Seeder(Settings(azurite.ConnectionString));
        var seeded = await seeder.AddSessionsAsync(Sessions);
        var emails = new List<string>();
        while (emails.Count < ManyConnections)
            emails.Add(await seeder.AddAccountAsync());
        var workload = new Workload(seeded, emails);

        tell("Counting storage transactions ...");
        await CountAsync(azurite, redis, workload, emails, report);

        tell("Starting the app and the bare worker in turns, and showing all sessions to each ...");
        var (app, bare) = await StartAsync(azurite.ConnectionString, workload, report);
        await using var disposeApp = app;
        await using var disposeBare = bare;
        await using var uncached = await StartAppAsync(azurite.ConnectionString, cached: false);
        await using var sharing = await StartAppAsync(azurite.ConnectionString, redis: redis);
        using var api = new Api(app.Address, ManyConnections);
        using var sharingApi = new Api(sharing.Address, ManyConnections);
        using var uncachedApi = new Api(uncached.Address, ManyConnections);
        using var bareApi = new Api(bare.Address, ManyConnections);
        tell("Warming up ...");
        foreach (var operation in workload.Operations.Where(operation => operation.Bare is not null))
        {
            await (operation.Shares
                ? Round.RunAsync(sharing, ManyConnections, WarmUp, connection => operation.Send(sharingApi, connection))
                : Round.RunAsync(app, ManyConnections, WarmUp, connection => operation.Send(api, connection)));
            await Round.RunAsync(bare, ManyConnections, WarmUp, connection => operation.Bare!(bareApi, connection));
        }

        tell(Report.Header);
        foreach (var connections in new[] { 1, ManyConnections })
        {
            foreach (var operation in workload.Operations)
            {
                var (server, client) = operation.Shares ? (sharing, sharingApi) : operation.Cached ? (app, api) : (uncached, uncachedApi);
                report.Add(operation, connections, await MeasureAsync(operation, connections, server, client, bare, bareApi));
                tell(report.Lines[^1]);
            }
        }

        await TimerBenchmark.RunAsync(report, tell);
        return report;
    }

    private static async Task<Rounds> MeasureAsync(
        Operation operation, int connections, ServerProcess app, Api api, ServerProcess bare, Api bareApi)
    {
        var (ours, theirs) = (new List<Round>(), new List<Round>());
        await Round.RunAsync(app, connections, Approach, connection => operation.Send(api, connection));
        for (var turn = 0; turn < Turns; turn++)
        {
            ours.Add(await Round.RunAsync(app, connections, Time, connection => operation.Send(api, connection)));
            if (operation.Bare is { } send)
                theirs.Add(await Round.RunAsync(bare, connections, Time, connection => send(bareApi, connection)));
        }

        return new(ours, operation.Bare is null ? null : theirs);
    }

    /// <summary>Starts both several times and keeps the last.</summary>
    private static async Task<(ServerProcess App, ServerProcess Bare)> StartAsync(string connectionString, Workload workload, Report report)
    {
        for (var turn = 1; ; turn++)
        {
            var app = await StartAppAsync(connectionString);
            var bare = await ServerProcess.StartAsync(
                BareWorker, new Dictionary<string, string> { ["Storage__ConnectionString"] = connectionString }, "api/empty");
            using var api = new Api(app.Address, ManyConnections);
            using var bareApi = new Api(bare.Address, ManyConnections);
            await workload.VisitAllAsync(api, bareApi);
            report.Starts.Add(new(app.FirstAnswer, bare.FirstAnswer));
            report.Memory.Add(new(app.WorkerMb, bare.WorkerMb));
            if (turn == Turns)
                return (app, bare);
            await app.DisposeAsync();
            await bare.DisposeAsync();
        }
    }

    private static async Task CountAsync(Azurite azurite, RedisServer redis, Workload workload, IReadOnlyList<string> emails, Report report)
    {
        await using var proxy = await CountingProxy.StartAsync(azurite);
        await using var app = await StartAppAsync(proxy.ConnectionString);
        await using var uncached = await StartAppAsync(proxy.ConnectionString, cached: false);
        await using var sharing = await StartAppAsync(proxy.ConnectionString, redis: redis);
        using var sharingApi = new Api(sharing.Address, 1);
        using var cachedApi = new Api(app.Address, 1);
        using var uncachedApi = new Api(uncached.Address, 1);
        foreach (var operation in workload.Operations)
        {
            var api = operation.Shares ? sharingApi : operation.Cached ? cachedApi : uncachedApi;
            await operation.Send(api, 0); // What only the first request costs: tables, keys, the cache.
            await report.CountAsync(proxy, operation.Name, operation.Transactions, () => operation.Send(api, 0));
        }

        await report.CountAsync(proxy, "failed login", 4, () => cachedApi.FailToLogInAsync(emails[0]));
        await report.CountAsync(proxy, "failed login, unknown", 4, () => cachedApi.FailToLogInAsync("nobody@example.com"));
        await report.CountAsync(proxy, "heartbeats of a minute, with Redis", 1, () => workload.BeatForAMinuteAsync(sharingApi));
    }

    public static Task<ServerProcess> StartAppAsync(string connectionString, bool cached = true, RedisServer? redis = null)
    {
        var settings = Settings(connectionString);
        if (!cached)
            settings["Sessions__StatusCacheLifetime"] = "00:00:00";
        if (redis is not null)
            settings["Redis__ConnectionString"] = redis.ConnectionString;
        return ServerProcess.StartAsync(App, settings, "api/health/live");
    }

    public static Dictionary<string, string> Settings(string connectionString)
    {
        const string OnceAYear = "0 0 0 1 1 *";
        return new()
        {
            ["AZURE_FUNCTIONS_ENVIRONMENT"] = "Development",
            ["Storage__ConnectionString"] = connectionString,
            ["PurgeExpiredSessionsSchedule"] = OnceAYear,
            ["FlagSuspiciousIpsSchedule"] = OnceAYear,
            ["RaiseSecurityAlertsSchedule"] = OnceAYear,
            ["SendOutboxSchedule"] = OnceAYear,
            ["RollUpStatisticsSchedule"] = OnceAYear,
            ["PurgeOldLogsSchedule"] = OnceAYear,
            ["RotateSigningKeysSchedule"] = OnceAYear,
            ["Tokens__AccessTokenLifetime"] = "01:00:00",
            // As many logins wait as there are connections.
            ["RateLimits__LoginsPerMinutePerAccount"] = "0",
            ["Passwords__MaximumWait"] = "00:00:10",
        };
    }
}
