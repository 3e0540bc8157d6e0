using System.Diagnostics;
using Azure.Data.Tables;

namespace Benchmarks.App;

/// <summary>What purge and flagging cost beside few and beside many sessions that they have nothing to do with.</summary>
internal static class TimerBenchmark
{
    private const int Expired = 500;
    private const int Addresses = 20;
    private const int AttemptsOfAddress = 12;
    private const int Shards = 16;
    private const int Batch = 100;

    private static readonly int[] LiveSessions = [1_000, 50_000];

    public static async Task RunAsync(Report report, Action<string> tell)
    {
        await using var azurite = await Azurite.StartAsync();
        await using var proxy = await CountingProxy.StartAsync(azurite);
        await using var seeder = new Seeder(AppBenchmark.Settings(azurite.ConnectionString));
        await using var app = await AppBenchmark.StartAppAsync(proxy.ConnectionString);
        using var api = new Api(app.Address, 1);
        // New flags cost more than known ones, so all measured runs meet known ones.
        await seeder.AddLoginAttemptsAsync(Addresses, AttemptsOfAddress);
        await RunAsync(proxy, app, api, "FlagSuspiciousIps", "Suspicious addresses:", 0, 0, 0);
        foreach (var live in LiveSessions)
        {
            tell($"Timers beside {live} live sessions ...");
            if (live == LiveSessions[0])
                await seeder.AddSessionsAsync(live, TimeSpan.FromDays(3));
            else
                await MultiplyAsync(azurite.ConnectionString, live - LiveSessions[0]);
            // They expired two hours ago, all within the same hour.
            await seeder.AddSessionsAsync(Expired, TimeSpan.FromHours(14), remember: false);
            await seeder.AddLoginAttemptsAsync(Addresses, AttemptsOfAddress);

            // A removal is of one hour and shard. Each run is recorded.
            var removals = Shards + Expired / Batch;
            report.Purges.Add(await RunAsync(
                proxy, app, api, "PurgeExpiredSessions", "Purge:", live, Expired, Shards + 2 * Expired + removals + 1));
            // The cursor read and written, the shards, a read and a write for each flag, and one look for flags that have expired.
            report.Flaggings.Add(await RunAsync(
                proxy, app, api, "FlagSuspiciousIps", "Suspicious addresses:", live, Addresses * AttemptsOfAddress,
                3 + Shards + 2 * Addresses + 1));
        }
    }

    private static async Task<TimerLine> RunAsync(
        CountingProxy proxy, ServerProcess app, Api api, string timer, string says, int live, int due, int budget)
    {
        var logged = app.CountLogged(says);
        var (before, clock) = (proxy.Count, Stopwatch.StartNew());
        await api.RunTimerAsync(timer);
        await app.LogsAsync(says, logged + 1);
        // The record of the run follows its log line.
        await Task.Delay(500);
        return new(live, due, proxy.Count - before, clock.Elapsed.TotalMilliseconds, budget);
    }

    /// <summary>Adds live sessions by copying rows of one that the product made, a hundred at a time.</summary>
    private static async Task MultiplyAsync(string connectionString, int count)
    {
        var service = new TableServiceClient(connectionString);
        var (sessions, timeline) = (service.GetTableClient("Sessions"), service.GetTableClient("Timeline"));
        var session = await FirstAsync(sessions, "RowKey ge 's:' and RowKey lt 's;'");
        var schedule = await FirstAsync(timeline, "PartitionKey ge 'x:' and PartitionKey lt 'x;'");
        await Parallel.ForAsync(0, count / Batch, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (batch, token) =>
        {
            var user = $"{session.PartitionKey[..2]}{Ulid.New(TimeProvider.System.GetUtcNow())}";
            var shard = string.Create(CultureInfo.InvariantCulture, $"x:{batch % Shards:x2}:");
            var hour = schedule.PartitionKey[shard.Length..];
            var ids = Enumerable.Range(0, Batch).Select(_ => SessionId.New().ToString()).ToList();
            await sessions.SubmitTransactionAsync(ids.Select(id => Copy(session, user, $"s:{id}")), token);
            await timeline.SubmitTransactionAsync(ids.Select(id => Copy(schedule, shard + hour, $"{user}:{id}")), token);
        });

        static async Task<TableEntity> FirstAsync(TableClient table, string filter) =>
            await table.QueryAsync<TableEntity>(filter, maxPerPage: 1).FirstAsync();

        static TableTransactionAction Copy(TableEntity row, string partition, string key)
        {
            var copy = new TableEntity(partition, key);
            foreach (var (name, value) in row.ExceptBy(["PartitionKey", "RowKey", "Timestamp", "odata.etag"], each => each.Key))
                copy[name] = value;
            return new(TableTransactionActionType.Add, copy);
        }
    }
}
