namespace Serverless.Tables.Tests;

[Collection(nameof(TableFixture))]
public sealed class PurgeAtScaleTests(TableFixture fixture)
{
    private const int Users = 50;

    [Fact]
    public Task Of_600_sessions_exactly_the_100_expired_ones_go_within_the_budget() => CheckAsync(expiring: 100, living: 500);

    [Fact]
    [Trait("Run", "nightly")]
    public Task Of_6000_sessions_exactly_the_1000_expired_ones_go_within_the_budget() => CheckAsync(expiring: 1_000, living: 5_000);

    private async Task CheckAsync(int expiring, int living)
    {
        var counter = new CountingPolicy();
        var clock = new FakeClock();
        using var service = new Service(fixture.CreateStores(counter), clock);
        var accounts = await Task.WhenAll(Enumerable.Range(0, Users).Select(_ => service.CreateAccountAsync()));
        var expired = await OpenAsync(service, accounts, expiring, remember: false);
        var live = await OpenAsync(service, accounts, living, remember: true);
        clock.Advance(TimeSpan.FromHours(14));
        // An instance that has served anything knows its keys.
        await service.Keys.GetFreshAsync(default);

        var cost = await counter.CountAsync(async () =>
        {
            var report = await service.Purge.ExecuteAsync(default);
            Assert.Equal(
                (expiring, 0, 0, 0, true), (report.Expired, report.Ended, report.Refiled, report.Missing, report.Finished));
        });

        // A query for each shard, a read and a transaction for each session, endings and removals by the hundred.
        var removals = expired.GroupBy(session => (int)(session.Id.Value % 16)).Sum(shard => (shard.Count() + 99) / 100);
        Assert.Equal(
            TransactionBudgets.IdlePurge + (expiring * TransactionBudgets.PurgedSession)
                + (removals * TransactionBudgets.RemovedRows) + new TransactionCost(0, expiring / 100),
            cost);
        Assert.InRange(removals, expiring / 100, expiring / 100 + 16);

        var left = new HashSet<SessionId>();
        foreach (var account in accounts)
        {
            left.UnionWith((await service.Stores.Sessions.ListAsync(account.Id, default)).Select(each => each.Stored.Session.Id));
            var gone = (await service.LogOfAsync(account.Id)).Where(entry => entry.Action == LogAction.SessionExpired).ToList();
            Assert.Equal(
                expired.Where(session => session.UserId == account.Id).Select(session => session.Id).Order(Ids),
                gone.Select(entry => entry.SessionId!.Value).Order(Ids));
        }

        Assert.Equal(live.Select(session => session.Id).Order(Ids), left.Order(Ids));

        Assert.Equal(TransactionBudgets.IdlePurge, await counter.CountAsync(() => service.Purge.ExecuteAsync(default)));
    }

    private static Comparer<SessionId> Ids { get; } = Comparer<SessionId>.Create((left, right) => left.Value.CompareTo(right.Value));

    // As a login does it, without the hash.
    private static async Task<List<Session>> OpenAsync(Service service, Account[] accounts, int count, bool remember)
    {
        var sessions = Enumerable.Range(0, count)
            .Select(i => Session.Start(accounts[i % accounts.Length], Service.Client, remember, service.Clock.GetUtcNow(), new()))
            .ToList();
        await Parallel.ForEachAsync(sessions, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (session, token) =>
        {
            var epoch = accounts.First(account => account.Id == session.UserId).Epoch;
            await service.Stores.Timeline.ScheduleExpiryAsync(new(session.UserId, session.Id, session.ExpiresAt), token);
            var entry = new LogEntry(LogAction.Login, session.CreatedAt) { SessionId = session.Id, Client = Service.Client };
            Assert.NotNull(await service.Stores.Sessions.TryOpenAsync(session, epoch, entry, [], null, token));
        });
        return sessions;
    }
}
