namespace Serverless.Sessions.Tests.AuditLog;

public sealed class PurgeOldLogsTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 3, 14, 9, 26, 53, 589, TimeSpan.Zero);

    private readonly RetentionBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_entry_goes_when_its_hour_is_90_days_over_also_of_an_email_without_account(bool hasAccount)
    {
        if (hasAccount)
            await _bench.CreateAccountAsync();
        else
            await _bench.FailAsync();
        Assert.Equal(0, (await _bench.RunAtAsync(new(2026, 6, 12, 9, 59, 59, TimeSpan.Zero))).Entries);
        var report = await _bench.RunAtAsync(new(2026, 6, 12, 10, 0, 0, TimeSpan.Zero));
        Assert.Equal((1, hasAccount ? 0 : 1), (report.Entries, report.Activities));
        await _bench.AssertKeptAsync();
        Assert.Empty(await _bench.Stores.Retention.ReadDueLogsAsync(Start.AddYears(10), default).ToListAsync());
    }

    [Fact]
    public async Task The_failures_of_an_email_without_account_go_with_its_log()
    {
        var email = Service.NewEmail();
        await _bench.Service.TryLoginAsync(email, "wrong password");
        await _bench.RunAtAsync(Start.AddDays(89));
        Assert.Equal(1, (await _bench.Stores.Accounts.ReadAsync(email.ToAccountKey(), default)).Throttle.Failures);
        await _bench.RunAtAsync(Start.AddDays(91));
        Assert.Equal(Throttle.Clear, (await _bench.Stores.Accounts.ReadAsync(email.ToAccountKey(), default)).Throttle);
    }

    [Fact]
    public async Task A_log_is_looked_at_again_in_the_hour_in_which_its_oldest_entry_falls_due()
    {
        var account = await _bench.CreateAccountAsync();
        _bench.Clock.Advance(TimeSpan.FromDays(20));
        await _bench.Service.TryLoginAsync(account.Email, "wrong password");
        Assert.Equal(1, (await _bench.RunAtAsync(Start.AddDays(91))).Entries);
        var due = new DateTimeOffset(2026, 7, 2, 10, 0, 0, TimeSpan.Zero);
        Assert.Empty(await _bench.Stores.Retention.ReadDueLogsAsync(due.AddTicks(-1), default).ToListAsync());
        Assert.Equal(LogOwner.Of(account.Id), Assert.Single(Assert.Single(await _bench.Stores.Retention.ReadDueLogsAsync(due, default).ToListAsync()).Owners));
    }

    [Fact]
    public async Task A_log_without_entries_is_looked_at_no_more_until_something_happens()
    {
        var account = await _bench.CreateAccountAsync();
        await _bench.RunAtAsync(Start.AddDays(91));
        Assert.Empty(await _bench.Stores.Retention.ReadDueLogsAsync(Start.AddYears(10), default).ToListAsync());

        await _bench.LoginAsync(account, remember: false);
        Assert.Equal(1, (await _bench.RunAfterAsync(TimeSpan.FromDays(92))).Entries);
        await _bench.AssertKeptAsync();
        Assert.Equal(LogAction.SessionExpired, Assert.Single(await _bench.LogOfAsync(_bench.Owners[0])).Action);
    }

    [Fact]
    public async Task A_change_of_an_account_that_nobody_uses_goes_in_its_time()
    {
        var account = await _bench.CreateAccountAsync();
        await _bench.RunAtAsync(Start.AddDays(91));
        await _bench.Service.ChangeAccount.ExecuteAsync(account.Email.ToAccountKey(), AccountState.Disabled, ["reader"], default);
        Assert.Equal(1, (await _bench.RunAfterAsync(TimeSpan.FromDays(91))).Entries);
        await _bench.AssertKeptAsync();
    }

    [Fact]
    public async Task Activity_that_alerts_or_flags_have_not_seen_waits_for_them()
    {
        using var bench = new RetentionBench(new() { ActivityLifetime = TimeSpan.FromDays(2) });
        await bench.Service.Flag.ExecuteAsync(default);
        await bench.Service.RaiseAlerts.ExecuteAsync(default);
        var account = await bench.CreateAccountAsync();
        for (var i = 0; i < 11; i++)
            await bench.Service.TryLoginAsync(account.Email, "wrong password", client: Service.Client with { IpAddress = "203.0.113.9" });
        Assert.Equal(0, (await bench.RunAfterAsync(TimeSpan.FromDays(5))).Activities);

        await bench.Service.Flag.ExecuteAsync(default);
        Assert.Equal(0, (await bench.RunAsync())!.Activities);
        await bench.Service.RaiseAlerts.ExecuteAsync(default);
        Assert.Equal(
            ["account_locked", "address_flagged"],
            (await bench.Stores.SecurityEvents.ReadEventsAsync(DateTimeOffset.MinValue, DateTimeOffset.MaxValue, default).ToListAsync())
                .Select(each => each.Kind.Name).Distinct().Order());
        Assert.Equal(11, (await bench.RunAsync())!.Activities);
        await bench.AssertKeptAsync();
    }

    [Fact]
    public async Task A_retention_that_was_raised_keeps_what_was_filed_before()
    {
        await _bench.FailAsync();
        await _bench.CreateAccountAsync();
        var options = new RetentionOptions { LogLifetime = TimeSpan.FromDays(120) };
        using var service = new Service(_bench.Stores, _bench.Clock, retentionOptions: options);
        _bench.Clock.Set(Start.AddDays(91));
        await service.RollUp.ExecuteAsync(default);
        Assert.Equal(0, (await service.PurgeOldLogs.ExecuteAsync(default)).Entries);
        _bench.Clock.Set(Start.AddDays(121));
        Assert.Equal(2, (await service.PurgeOldLogs.ExecuteAsync(default)).Entries);
    }

    [Fact]
    public async Task The_log_of_an_account_that_was_made_before_there_was_retention_is_found_by_what_it_did()
    {
        var account = await _bench.CreateAccountAsync();
        var filed = await _bench.Stores.Retention.ReadDueLogsAsync(Start.AddYears(10), default).ToListAsync();
        await _bench.Stores.Retention.RemoveAsync(Assert.Single(filed), default);
        _bench.Clock.Advance(TimeSpan.FromHours(5));
        await _bench.LoginAsync(account);
        Assert.Equal(2, (await _bench.RunAtAsync(Start.AddDays(91))).Entries);
        await _bench.AssertKeptAsync();
    }

    [Fact]
    public async Task Activity_waits_for_the_roll_up()
    {
        await _bench.FailAsync();
        _bench.Clock.Advance(TimeSpan.FromHours(4));
        await _bench.Service.RollUp.ExecuteAsync(default);
        _bench.Clock.Set(Start.AddDays(200));
        Assert.Equal(0, (await _bench.Service.PurgeOldLogs.ExecuteAsync(default)).Activities);
        await _bench.Service.RollUp.ExecuteAsync(default);
        Assert.Equal(1, (await _bench.Service.PurgeOldLogs.ExecuteAsync(default)).Activities);

        using var neverRolledUp = new RetentionBench();
        await neverRolledUp.FailAsync();
        neverRolledUp.Clock.Set(Start.AddDays(200));
        Assert.Equal(0, (await neverRolledUp.Service.PurgeOldLogs.ExecuteAsync(default)).Activities);
    }

    [Fact]
    public async Task A_roll_up_finds_what_it_would_have_found_without_retention()
    {
        using var bench = new RetentionBench(new() { LogLifetime = TimeSpan.FromDays(2), ActivityLifetime = TimeSpan.FromDays(2) });
        var stores = InMemoryStores.Create();
        using var other = new Service(stores, bench.Clock);
        for (var hour = 0; hour < 24 * 9; hour++)
        {
            var login = new Activity(ActivityKind.FailedLogin, bench.Clock.GetUtcNow(), "203.0.113.7");
            await bench.Stores.Timeline.RecordAsync(login, default);
            await stores.Timeline.RecordAsync(login, default);
            bench.Clock.Advance(TimeSpan.FromMinutes(60));
            // The roll-up is dead for a while.
            if (hour is < 70 or > 150)
            {
                await bench.Service.RollUp.ExecuteAsync(default);
                await other.RollUp.ExecuteAsync(default);
            }

            await bench.Service.PurgeOldLogs.ExecuteAsync(default);
        }

        Assert.Equivalent(await DaysAsync(stores), await DaysAsync(bench.Stores), strict: true);
        Assert.True((await bench.Stores.Timeline.ReadActivityAsync(DateTimeOffset.MinValue, DateTimeOffset.MaxValue, default).ToListAsync()).Count < 80);
    }

    [Fact]
    public async Task Statistics_go_after_400_days_and_revocations_after_one()
    {
        await _bench.Service.LogoutAsync((await _bench.LoginAsync(await _bench.CreateAccountAsync())).Session);
        Assert.Equal(0, (await _bench.RunAfterAsync(TimeSpan.FromHours(24))).Revocations);
        Assert.Equal(1, (await _bench.RunAfterAsync(TimeSpan.FromHours(1))).Revocations);

        Assert.Equal(0, (await _bench.RunAtAsync(new(2027, 4, 18, 23, 59, 0, TimeSpan.Zero))).Days);
        Assert.Equal(1, (await _bench.RunAtAsync(new(2027, 4, 19, 0, 0, 0, TimeSpan.Zero))).Days);
        Assert.Equal(new DateOnly(2026, 3, 15), (await DaysAsync(_bench.Stores))[0].Day);
    }

    [Fact]
    public async Task A_run_out_of_time_leaves_the_rest_to_the_next_one()
    {
        var account = await _bench.CreateAccountAsync();
        for (var i = 0; i < 250; i++)
            await _bench.Stores.Log.AppendAsync(LogOwner.Of(account.Id), new(LogAction.Login, Start), default);
        _bench.Clock.Set(Start.AddDays(91));
        var report = await _bench.RunAsync(before: Intercepted.At(
            nameof(IRetentionStore.TryTrimAsync), () => _bench.Clock.Advance(TimeSpan.FromSeconds(121))));
        Assert.Equal(new() { Entries = 198, Finished = false }, report);
        Assert.Null(await _bench.Stores.Timeline.ReadCursorAsync(PurgeOldLogs.Timer, default));
        Assert.Equal(new() { Entries = 53 }, await _bench.RunAsync());
        Assert.NotNull(await _bench.Stores.Timeline.ReadCursorAsync(PurgeOldLogs.Timer, default));
        await _bench.AssertKeptAsync();
    }

    [Fact]
    public async Task A_kill_at_any_step_changes_nothing_of_the_outcome()
    {
        var steps = await Killer.AtEachStepAsync(async dieAt =>
        {
            using var bench = new RetentionBench(new() { LogLifetime = TimeSpan.FromDays(2), ActivityLifetime = TimeSpan.FromDays(2) });
            var account = await bench.CreateAccountAsync();
            await bench.FailAsync();
            var living = await bench.LoginAsync(account);
            await bench.LoginAsync(account, remember: false);
            var tokens = living.Tokens;
            for (var i = 0; i < 120; i++)
            {
                bench.Clock.Advance(TimeSpan.FromMinutes(30));
                tokens = await bench.Service.RefreshAsync(tokens.RefreshText);
            }

            await bench.Service.LogoutAsync(living.Session);
            var died = await bench.RunAsync(dieAt) is null;
            Assert.NotNull(await bench.RunAsync());
            await bench.AssertKeptAsync();
            Assert.Contains((await bench.Stores.Retention.ReadOldLogAsync(bench.Owners[0], Start, default)).Cuts, cut => cut.SessionId == living.Session.Id);
            var filed = await bench.Stores.Retention.ReadDueLogsAsync(Start.AddYears(1), default).ToListAsync();
            Assert.Contains(filed, batch => batch.Owners.Contains(bench.Owners[0]));
            await bench.RunAfterAsync(TimeSpan.FromDays(100));
            await bench.AssertKeptAsync();
            return died;
        });
        Assert.InRange(steps, 30, 100);
    }

    private static async Task<List<DayStatistics>> DaysAsync(Stores stores) =>
        await stores.Statistics.ReadAsync(DateOnly.MinValue, DateOnly.MaxValue, default)
            .Select(stored => stored with { Version = null }).ToListAsync();
}
