namespace Serverless.Tables.Tests;

/// <summary>Keeps a storage busy for long, so it has one of its own and runs beside the others.</summary>
public sealed class UnreadableRowTests(TableFixture fixture) : IClassFixture<TableFixture>
{
    private const int Shards = 1;

    private static readonly ClientInfo Browser = new(
        "203.0.113.7",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
        "My laptop");

    [Fact]
    public Task Each_timer_steps_over_each_row_that_is_broken_in_a_column_or_in_its_key_or_is_there_twice() => StepOverAsync(columns: 1);

    // The widest row has that many.
    [Fact]
    [Trait("Run", "nightly")]
    public Task Each_timer_steps_over_each_row_that_is_broken_in_any_column() => StepOverAsync(columns: 27);

    private async Task StepOverAsync(int columns)
    {
        var prefix = TableFixture.NewPrefix();
        await WriteHistoryAsync(prefix);
        var rows = new List<(string Table, TableEntity Row)>();
        foreach (var table in TableSet.Names)
            rows.AddRange(await fixture.Table(prefix, table).QueryAsync<TableEntity>().Select(row => (table, row)).ToListAsync());
        var told = new ConcurrentBag<string>();
        var rounds = from column in Enumerable.Range(0, columns) from isMissing in new[] { true, false } select (column, isMissing);
        await Parallel.ForEachAsync(rounds, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (round, _) =>
            told.Add(await RunAsync(rows, round.column, round.isMissing)));
        Assert.True(told.All(faults => faults.Length == 0), string.Join('\n', told.Where(faults => faults.Length > 0)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(7)]
    [InlineData("no ring")]
    public async Task A_ring_that_cannot_be_read_ends_no_timer_where_an_older_one_is_known(object? text)
    {
        var prefix = TableFixture.NewPrefix();
        var (log, clock) = (new Recorded<UnreadableRows>(), new FakeClock());
        using var service = new Service(fixture.CreateStores(prefix: prefix, logger: log, shards: Shards), clock);
        await service.LoginAsync();
        var broken = new TableEntity(TableKeyRingStore.Partition, TableKeyRingStore.Row) { ["Keys"] = text };
        await fixture.Table(prefix, "Security").UpsertEntityAsync(broken, TableUpdateMode.Replace);
        clock.Advance(TimeSpan.FromHours(14));

        for (var run = 0; run < 2; run++)
            Assert.Equal(new(0, 0, 0, 0, 0) { Unreadable = 1 }, await service.RotateKeys.ExecuteAsync(default));
        var purged = await service.Purge.ExecuteAsync(default);
        Assert.Equal((1, true), (purged.Expired, purged.Finished));
        Assert.Single(log.Lines);
        Assert.Equal(1, service.Stores.Unreadable.Count);
        TableEntity left = await fixture.Table(prefix, "Security").GetEntityAsync<TableEntity>(broken.PartitionKey, broken.RowKey);
        Assert.Equal(text, left.TryGetValue("Keys", out var kept) ? kept : null);
    }

    [Fact]
    public async Task A_count_of_messages_that_cannot_be_read_is_begun_anew()
    {
        var (prefix, clock) = (TableFixture.NewPrefix(), new FakeClock());
        var stores = fixture.CreateStores(prefix: prefix, shards: Shards);
        var due = OutboxDue.New(Guid.NewGuid(), OutboxChannel.Mail, "a key", clock.GetUtcNow());
        await stores.Outbox.ScheduleAsync(due, default);
        var count = new TableEntity(OutboxKeys.Partition(due.CreatedAt), OutboxKeys.Count(due.CreatedAt)) { ["Count"] = "many" };
        await fixture.Table(prefix, "Timeline").AddEntityAsync(count);
        Assert.Equal(OutboxClaim.Claimed, await stores.Outbox.TryClaimAsync(due, due with { Attempts = 1, DueAt = due.DueAt.AddMinutes(1) }, 1, default));
        TableEntity written = await fixture.Table(prefix, "Timeline").GetEntityAsync<TableEntity>(count.PartitionKey, count.RowKey);
        Assert.Equal(1, written.GetInt32("Count"));
    }

    [Fact]
    public async Task An_account_whose_hash_is_of_no_known_kind_is_told_and_cannot_log_in_until_it_gets_another()
    {
        var (prefix, log) = (TableFixture.NewPrefix(), new Recorded<UnreadableRows>());
        using var service = new Service(fixture.CreateStores(prefix: prefix, logger: log, shards: Shards), new());
        var account = await service.CreateAccountAsync();
        var key = account.Email.ToAccountKey().Value;
        await fixture.Table(prefix, "Accounts").UpsertEntityAsync(new TableEntity(key, $"a:{key}") { ["PasswordHash"] = "$of$tomorrow" });
        for (var i = 0; i < 2; i++)
            Assert.True((await Assert.ThrowsAsync<StorageUnavailableException>(() => service.TryLoginAsync(account.Email))).IsOneRow);
        Assert.Equal(($"a:{key}", 1), (Assert.Single(RowsIn(log)).Row, service.Stores.Unreadable.Count));
        Assert.True(await service.SetPassword.ExecuteAsync(account.Email, new(Service.Password), null, null, null, default));
        await service.LoginAsync(account.Email);
    }

    [Fact]
    public async Task A_session_that_cannot_be_read_is_left_out_of_the_audit_of_its_user()
    {
        var prefix = TableFixture.NewPrefix();
        using var service = new Service(fixture.CreateStores(prefix: prefix, shards: Shards), new());
        var account = await service.CreateAccountAsync();
        var (broken, whole) = ((await service.LoginAsync(account.Email)).Session.Id, (await service.LoginAsync(account.Email)).Session.Id);
        var row = new TableEntity($"{account.Id}", SessionKeys.Session(broken)) { ["CreatedAt"] = "long ago" };
        await fixture.Table(prefix, "Sessions").UpsertEntityAsync(row, TableUpdateMode.Merge);
        var audit = await service.AuditUser.ExecuteAsync(account.Id, default);
        Assert.Equal((whole, false), (Assert.Single(audit.Sessions).Id, audit.IsComplete));
    }

    [Fact]
    public async Task An_email_in_the_index_that_cannot_be_read_hides_none_behind_it_and_is_told_without_its_letters()
    {
        var (prefix, log) = (TableFixture.NewPrefix(), new Recorded<UnreadableRows>());
        var index = fixture.CreateStores(prefix: prefix, logger: log, shards: Shards).Emails;
        var emails = new[] { "jan", "jane", "janet" }.Select(name => new EmailPosition(EmailPosition.BeginningOf(name), new(new('0', 32)))).ToList();
        foreach (var email in emails)
            await index.AddAsync(email, DateTimeOffset.UnixEpoch, default);
        await fixture.Table(prefix, "Accounts").AddEntityAsync(new TableEntity("i:6a", $"i:{emails[0]}0"));
        var first = await index.ReadAsync("jan", null, 2, default);
        Assert.Equal(emails[..2], first.Emails);
        Assert.Equal(emails[2..], (await index.ReadAsync("jan", first.Next, 2, default)).Emails);
        Assert.Equal(("Accounts", "i:6a", "i:6a..."), Assert.Single(RowsIn(log)) with { Table = "Accounts" });
    }

    // A history whose beginning was purged, logins that succeed, fail and lock, a refresh, an end, mail, and a message of the outbox.
    private async Task WriteHistoryAsync(string prefix)
    {
        var clock = new FakeClock();
        using var service = new Service(fixture.CreateStores(prefix: prefix, shards: Shards), clock);
        var account = await service.CreateAccountAsync();
        var other = await service.CreateAccountAsync();
        var old = (await service.LoginAsync(account.Email, remember: true, client: Browser)).Tokens;
        for (var month = 0; month < 3; month++)
        {
            clock.Advance(TimeSpan.FromDays(29));
            old = await service.RefreshAsync(old.RefreshText);
        }

        clock.Advance(TimeSpan.FromDays(4));
        await service.PurgeOldLogs.ExecuteAsync(default);

        var session = await service.LoginAsync(account.Email, remember: true, client: Browser);
        await service.RefreshAsync(session.Tokens.RefreshText, "the attempt of a client");
        await service.LogoutAsync((await service.LoginAsync(account.Email, client: Browser with { Device = "My phone!" })).Session);
        for (var i = 0; i < 11; i++)
            await service.TryLoginAsync(i < 5 ? other.Email : Service.NewEmail(), "wrong password");
        await service.SendMessage.ExecuteAsync(account.Id, other.Id, "hello", "the key of a client", default);
        var due = OutboxDue.New(Guid.NewGuid(), OutboxChannel.Mail, "a key", clock.GetUtcNow());
        await service.Stores.Outbox.ScheduleAsync(due, default);
        await service.Stores.Outbox.TryClaimAsync(due, due with { Attempts = 1, DueAt = due.DueAt.AddMinutes(1) }, 1, default);
        await service.Flag.ExecuteAsync(default);
        await service.RaiseAlerts.ExecuteAsync(default);
        clock.Advance(TimeSpan.FromHours(2));
        await service.RollUp.ExecuteAsync(default);
    }

    /// <summary>Breaks one column of each row beside a user whose rows are whole, runs all timers, and returns what went wrong.</summary>
    private async Task<string> RunAsync(List<(string Table, TableEntity Row)> rows, int column, bool isMissing)
    {
        var prefix = TableFixture.NewPrefix();
        var (log, clock) = (new Recorded<UnreadableRows>(), new FakeClock());
        clock.Advance(TimeSpan.FromDays(92));
        var stores = fixture.CreateStores(prefix: prefix, logger: log, shards: Shards);
        using var service = new Service(stores, clock);
        var session = (await service.LoginAsync()).Session;
        foreach (var partition in rows.SelectMany(each => Break(each.Table, each.Row, column, isMissing)).GroupBy(each => (each.Table, each.Row.PartitionKey)))
        {
            foreach (var chunk in partition.DistinctBy(each => each.Row.RowKey).Chunk(100))
            {
                await fixture.Table(prefix, partition.Key.Table).SubmitTransactionAsync(
                    chunk.Select(each => new TableTransactionAction(TableTransactionActionType.UpsertReplace, each.Row)));
            }
        }

        var faults = new List<string>();
        clock.Advance(TimeSpan.FromHours(14));
        await RunTimersAsync();
        if (await stores.Sessions.FindAsync(session.UserId, session.Id, default) is not null)
            faults.Add("The session of somebody else isn't purged.");
        clock.Advance(TimeSpan.FromDays(100));
        foreach (var timer in new[] { FlagSuspiciousIps.Timer, RaiseSecurityAlerts.Timer, RollUpStatistics.Timer })
            await stores.Timeline.SaveCursorAsync(timer, clock.GetUtcNow().AddHours(-2), default);
        await RunTimersAsync();
        if ((await service.LogOfAsync(session.UserId)).Count > 0)
            faults.Add("The log of somebody else isn't removed.");
        var told = RowsIn(log);
        if (told.Count == 0 || told.Count != stores.Unreadable.Count || told.Count != told.Distinct().Count())
            faults.Add("Not each row is told once.");
        // A flag and a cursor are written anew, and an activity whose time is over goes by its key.
        foreach (var (table, partition, row) in told.Where(each => each.Partition is not ("ip" or "cursor")))
        {
            var isThere = (await fixture.Table("", table).GetEntityIfExistsAsync<TableEntity>(partition, row)).HasValue;
            if (isThere == partition.StartsWith("a:", StringComparison.Ordinal))
                faults.Add($"The row {partition} {row} of {table} is {(isThere ? "still there" : "gone")}.");
        }

        return string.Join('\n', faults.Select(fault => $"column {column}, missing {isMissing}: {fault}"));

        async Task RunTimersAsync()
        {
            await RunTimerAsync("purge", async () => (await service.Purge.ExecuteAsync(default)).Finished);
            await RunTimerAsync("flagging", async () => (await service.Flag.ExecuteAsync(default)).Finished);
            await RunTimerAsync("alerts", async () => (await service.RaiseAlerts.ExecuteAsync(default)).Finished);
            await RunTimerAsync("outbox", async () => (await service.SendOutbox.ExecuteAsync(default)).Finished);
            await RunTimerAsync("roll-up", async () => (await service.RollUp.ExecuteAsync(default)).Finished);
            await RunTimerAsync("retention", async () => (await service.PurgeOldLogs.ExecuteAsync(default)).Finished);
        }

        async Task RunTimerAsync(string timer, Func<Task<bool>> run)
        {
            var fault = await Record.ExceptionAsync(async () => Assert.True(await run()));
            if (fault is not null)
                faults.Add($"{timer}: {fault.GetType().Name} {fault.Message} {fault.StackTrace?.Split('\n').FirstOrDefault(line => line.Contains("Serverless", StringComparison.Ordinal))?.Trim()}");
        }
    }

    private static IEnumerable<(string Table, TableEntity Row)> Break(string table, TableEntity row, int column, bool isMissing)
    {
        // The ring is one row for all, and has a test of its own.
        if (row.PartitionKey == TableKeyRingStore.Partition)
            yield break;
        var broken = LiveSessions.Copy(row, row.PartitionKey, row.RowKey);
        var columns = broken.Keys.Except(["PartitionKey", "RowKey"]).Order(StringComparer.Ordinal).ToList();
        if (columns.Count > 0)
        {
            var name = columns[column % columns.Count];
            broken[name] = isMissing ? null : broken[name] is string ? 7 : "no such word";
        }

        yield return (table, broken);
        yield return (table, LiveSessions.Copy(broken, row.PartitionKey, row.RowKey + "x"));
        if (table != "Timeline")
            yield break;
        yield return (table, LiveSessions.Copy(broken, row.PartitionKey[..5] + "nohour", row.RowKey));
        // The same once more an hour later, as a run leaves it that died in between.
        if (TimelineKeys.TryReadHour(row.PartitionKey, out var hour))
            yield return (table, LiveSessions.Copy(row, row.PartitionKey[..^10] + $"{hour.AddHours(1):yyyyMMddHH}", row.RowKey));
    }

    private static List<(string Table, string Partition, string Row)> RowsIn(Recorded<UnreadableRows> log) =>
        [.. log.Values.Select(values => (values["Table"], values["Partition"], values["Row"]))];
}
