namespace Serverless.Tables.Tests;

[Collection(nameof(TableFixture))]
public sealed class RetentionAtScaleTests(TableFixture fixture)
{
    private const int Accounts = 12;
    private const int Refreshes = 15;
    private const int Emails = 20;

    private static readonly DateTimeOffset Later = new(2026, 6, 20, 9, 40, 0, TimeSpan.Zero);

    [Fact]
    public Task Retention_costs_what_is_removed_and_not_what_is_stored() => CheckAsync(few: 100, many: 1_000);

    [Fact]
    [Trait("Run", "nightly")]
    public Task Retention_costs_as_much_beside_50000_sessions() => CheckAsync(few: 1_000, many: 50_000);

    private async Task CheckAsync(int few, int many)
    {
        var prefix = TableFixture.NewPrefix();
        var owners = await BuildAsync(prefix);
        var costs = new List<TransactionCost>();
        foreach (var live in new[] { few, many })
            costs.Add(await RunAsync(await CopyAsync(prefix), live, owners));

        Assert.Equal(costs[0], costs[1]);
        // What a run costs that finds nothing; then two reads of each log, one of the session whose end goes, one of each user's notices.
        var budget = TransactionBudgets.IdleRetention + (Accounts * TransactionBudgets.LogRetention) + (Emails * TransactionBudgets.EmptiedLogRetention);
        Assert.Equal(budget.Reads, costs[0].Reads);
        // The cursor; a cut for each log and another place for those that live on; the rest goes by hours and shards.
        Assert.InRange(costs[0].Writes, budget.Writes, budget.Writes + (5 * TransactionBudgets.Shards));
    }

    // Sessions that ended, failed logins of emails without account, activity, revocations: all of one hour, 98 days before.
    private async Task<List<LogOwner>> BuildAsync(string prefix)
    {
        var clock = new FakeClock();
        using var service = new Service(fixture.CreateStores(prefix: prefix), clock);
        var owners = new List<LogOwner>();
        for (var i = 0; i < Accounts; i++)
        {
            var account = await service.CreateAccountAsync();
            var started = await service.LoginAsync(account.Email);
            var next = started.Tokens.RefreshText;
            for (var refresh = 0; refresh < Refreshes; refresh++)
                next = (await service.RefreshAsync(next)).RefreshText;
            await service.LogoutAsync(started.Session);
            owners.Add(LogOwner.Of(account.Id));
        }

        for (var i = 0; i < Emails; i++)
        {
            var email = Service.NewEmail();
            await service.TryLoginAsync(email, "wrong password");
            owners.Add(LogOwner.Of(email.ToAccountKey()));
        }

        clock.Set(Later.AddDays(-7));
        for (var i = 0; i < Accounts; i++)
            await service.Stores.Log.AppendAsync(owners[i], new(LogAction.Login, clock.GetUtcNow()) { Success = false }, default);
        clock.Set(Later);
        await service.Purge.ExecuteAsync(default);
        await service.RollUp.ExecuteAsync(default);
        return owners;
    }

    // The same rows, so that nothing but the number of live sessions differs.
    private async Task<string> CopyAsync(string prefix)
    {
        var copy = TableFixture.NewPrefix();
        foreach (var name in TableSet.Names)
        {
            var table = fixture.Table(copy, name);
            await table.CreateIfNotExistsAsync();
            var rows = await fixture.Table(prefix, name).QueryAsync<TableEntity>().ToListAsync();
            await Parallel.ForEachAsync(rows, async (row, token) =>
                await table.AddEntityAsync(LiveSessions.Copy(row, row.PartitionKey, row.RowKey), token));
        }

        return copy;
    }

    private async Task<TransactionCost> RunAsync(string prefix, int live, List<LogOwner> owners)
    {
        var (counter, clock) = (new CountingPolicy(), new FakeClock());
        using var service = new Service(fixture.CreateStores(counter, prefix), clock);
        clock.Set(Later);
        await LiveSessions.AddAsync(fixture, service, prefix, live);

        var cost = await counter.CountAsync(async () =>
        {
            var report = await service.PurgeOldLogs.ExecuteAsync(default);
            Assert.Equal(
                (Accounts * (1 + 1 + Refreshes + 1) + Emails, (Accounts * 2) + Emails, Accounts, true),
                (report.Entries, report.Activities, report.Revocations, report.Finished));
        });
        for (var i = 0; i < owners.Count; i++)
            Assert.Equal(i < Accounts ? 1 : 0, (await service.Stores.Log.ReadAsync(owners[i], null, 100, default)).Entries.Count);

        Assert.Equal(
            TransactionBudgets.IdleRetention, await counter.CountAsync(() => service.PurgeOldLogs.ExecuteAsync(default)));
        return cost;
    }
}
