namespace Serverless.Tables.Tests;

/// <summary>What a deployment pays for.</summary>
[Collection(nameof(TableFixture))]
public sealed class TransactionBudgetTests : IAsyncLifetime, IDisposable
{
    private readonly CountingPolicy _counter = new();
    private readonly FakeClock _clock = new();
    private readonly string _prefix = TableFixture.NewPrefix();
    private readonly TableFixture _fixture;
    private readonly Service _service;
    private Account _account = null!;

    public TransactionBudgetTests(TableFixture fixture) =>
        (_fixture, _service) = (fixture, new(fixture.CreateStores(_counter, _prefix), _clock));

    /// <summary>Making the tables and reading the keys are in no budget, and the device of the plain login is known.</summary>
    public async Task InitializeAsync()
    {
        _account = await _service.CreateAccountAsync();
        await _service.Keys.GetAsync(default);
        await _service.LogoutAsync((await _service.LoginAsync(_account.Email)).Session);
    }

    public Task DisposeAsync() => Task.CompletedTask;
    public void Dispose() => _service.Dispose();

    [Fact]
    public Task A_login_is_1_read_and_3_writes() => AssertCostAsync(TransactionBudgets.Login, () => _service.LoginAsync(_account.Email));

    [Fact]
    public async Task A_login_from_afar_is_2_reads_and_a_write_more_and_one_from_where_it_was_before_none()
    {
        var (here, afar) = (Service.Client with { Location = new("DE") }, Service.Client with { Location = new("US") });
        await _service.LoginAsync(_account.Email, client: here);
        await AssertCostAsync(TransactionBudgets.Login, () => _service.LoginAsync(_account.Email, client: here));
        await AssertCostAsync(
            TransactionBudgets.Login + TransactionBudgets.SuspiciousLogin, () => _service.LoginAsync(_account.Email, client: afar));
    }

    [Fact]
    public async Task A_refresh_from_another_country_is_a_read_and_a_write_more_and_another_read_if_its_user_is_told()
    {
        var tokens = (await _service.LoginAsync(_account.Email, client: Service.Client with { Location = new("DE") })).Tokens;
        await AssertCostAsync(TransactionBudgets.Refresh + TransactionBudgets.CountryChange + TransactionBudgets.ToldChange, () => RefreshAsync("US"));
        await AssertCostAsync(TransactionBudgets.Refresh + TransactionBudgets.CountryChange, () => RefreshAsync("DE"));
        await AssertCostAsync(TransactionBudgets.Refresh, () => RefreshAsync("DE"));

        async Task RefreshAsync(string country) => tokens = Assert.IsType<RefreshSessionResult.Refreshed>(await _service.RefreshSession.ExecuteAsync(
            tokens.RefreshText, null, default, false, Service.Client with { Location = new(country) }, default)).Tokens;
    }

    [Fact]
    public async Task A_login_that_its_location_refuses_is_2_reads_and_2_writes_and_one_of_each_more_once_a_day()
    {
        using var service = new Service(_service.Stores, _clock, locationRules: new() { NewCountry = LoginReaction.Refuse });
        await service.LoginAsync(_account.Email, client: Service.Client with { Location = new("DE") });
        await AssertCostAsync(TransactionBudgets.RefusedLogin + TransactionBudgets.ToldRefusal, RefuseAsync);
        await AssertCostAsync(TransactionBudgets.RefusedLogin, RefuseAsync);

        async Task RefuseAsync() => Assert.IsType<StartSessionResult.LocationRefused>(
            await service.TryLoginAsync(_account.Email, client: Service.Client with { Location = new("FR") }));
    }

    [Fact]
    public Task A_failed_login_is_1_read_and_3_writes() =>
        AssertCostAsync(TransactionBudgets.FailedLogin, () => _service.TryLoginAsync(_account.Email, "wrong password"));

    [Fact]
    public Task A_failed_login_of_an_unknown_email_is_1_read_and_3_writes() =>
        AssertCostAsync(TransactionBudgets.FailedLogin, () => _service.TryLoginAsync(Service.NewEmail(), "wrong password"));

    [Fact]
    public async Task A_login_after_failures_is_1_write_more()
    {
        await _service.TryLoginAsync(_account.Email, "wrong password");
        await AssertCostAsync(TransactionBudgets.Login + TransactionBudgets.ThrottleReset, () => _service.LoginAsync(_account.Email));
    }

    [Fact]
    public async Task A_login_from_a_new_device_is_1_read_and_1_write_more_and_the_next_one_is_not()
    {
        var phone = Service.Client with { Device = "a phone" };
        await AssertCostAsync(
            TransactionBudgets.Login + TransactionBudgets.NewDevice, () => _service.LoginAsync(_account.Email, client: phone));
        await AssertCostAsync(TransactionBudgets.Login, () => _service.LoginAsync(_account.Email, client: phone));
    }

    [Fact]
    public async Task A_login_while_locked_is_1_read_and_1_write()
    {
        for (var i = 0; i < 5; i++)
            await _service.TryLoginAsync(_account.Email, "wrong password");
        await AssertCostAsync(reads: 1, writes: 1, () => _service.TryLoginAsync(_account.Email));
    }

    [Fact]
    public async Task A_refresh_of_a_young_cookie_is_1_read_and_no_write()
    {
        var started = await _service.LoginAsync(_account.Email);
        await AssertCostAsync(reads: 1, writes: 0, () => _service.TryRefreshAsync(started.Tokens.RefreshText, byCookie: true));
    }

    [Fact]
    public async Task A_refresh_is_1_write_and_no_read()
    {
        var next = (await _service.LoginAsync(_account.Email)).Tokens.RefreshText;
        for (var i = 0; i < 3; i++)
            await AssertCostAsync(TransactionBudgets.Refresh, async () => next = (await _service.RefreshAsync(next)).RefreshText);
    }

    [Fact]
    public async Task A_refresh_that_regenerates_costs_no_more()
    {
        var started = await _service.LoginAsync(_account.Email, remember: true);
        _clock.Advance(TimeSpan.FromDays(2));
        await AssertCostAsync(TransactionBudgets.Refresh, () => _service.RefreshAsync(started.Tokens.RefreshText));
        Assert.Equal(1, (await _service.FindAsync(started.Session)).Number);
    }

    [Fact]
    public async Task A_refresh_of_another_tab_is_1_read_more()
    {
        var started = await _service.LoginAsync(_account.Email);
        await _service.RefreshAsync(started.Tokens.RefreshText, "attempt-1");
        await AssertCostAsync(reads: 1, writes: 1, () => _service.RefreshAsync(started.Tokens.RefreshText));
        _clock.Advance(TimeSpan.FromHours(1));
        await AssertCostAsync(reads: 1, writes: 1, () => _service.RefreshAsync(started.Tokens.RefreshText, "attempt-1"));
    }

    [Fact]
    public async Task A_refresh_of_a_row_that_something_else_touched_is_2_more()
    {
        var started = await _service.LoginAsync(_account.Email);
        var touched = started.Tokens.Refresh with { Version = new("W/\"datetime'2026-01-01T00%3A00%3A00.0000000Z'\"") };
        var stale = RefreshTokenCodec.Write(touched, await _service.Keys.GetAsync(default), _clock.GetUtcNow());
        await AssertCostAsync(reads: 1, writes: 2, () => _service.RefreshAsync(stale));
    }

    [Fact]
    public async Task A_status_is_1_read_and_none_from_the_cache()
    {
        var session = (await _service.LoginAsync(_account.Email)).Session;
        await AssertCostAsync(TransactionBudgets.Status, () => CheckAsync(session));
        await AssertCostAsync(reads: 0, writes: 0, () => CheckAsync(session));
        _clock.Advance(TimeSpan.FromSeconds(5));
        await AssertCostAsync(TransactionBudgets.Status, () => CheckAsync(session));
    }

    [Fact]
    public async Task A_logout_is_1_read_and_3_writes()
    {
        var session = (await _service.LoginAsync(_account.Email)).Session;
        await AssertCostAsync(TransactionBudgets.Logout, () => _service.LogoutAsync(session));
    }

    [Fact]
    public async Task A_list_of_sessions_is_1_read_however_many_there_are()
    {
        for (var i = 0; i < 5; i++)
            await _service.LoginAsync(_account.Email);
        await AssertCostAsync(
            TransactionBudgets.List, async () => Assert.Equal(5, (await _service.ListSessions.ExecuteAsync(_account.Id, default)).Count));
    }

    [Fact]
    public async Task A_page_of_a_log_is_1_read()
    {
        for (var i = 0; i < 5; i++)
            await _service.LoginAsync(_account.Email);
        await AssertCostAsync(TransactionBudgets.List, async () => Assert.Equal(
            3, (await _service.Stores.Log.ReadAsync(LogOwner.Of(_account.Id), null, 3, default)).Entries.Count));
        await AssertCostAsync(TransactionBudgets.List, async () => Assert.Equal(2, (await _service.Stores.Log.ReadAsync(
            LogOwner.Of(_account.Id), new(Action: LogAction.Login, Address: Service.Client.IpAddress), null, 2, default)).Entries.Count));
    }

    [Fact]
    public async Task A_heartbeat_is_1_write_and_close_ones_are_none()
    {
        var session = (await _service.LoginAsync(_account.Email)).Session;
        await AssertCostAsync(TransactionBudgets.Heartbeat, () => _service.BeatAsync(session));
        await AssertCostAsync(reads: 0, writes: 0, () => _service.BeatAsync(session));
        _clock.Advance(TimeSpan.FromSeconds(5));
        await AssertCostAsync(TransactionBudgets.Heartbeat, () => _service.BeatAsync(session));
    }

    [Fact]
    public async Task A_heartbeat_of_a_session_without_its_presence_row_restores_it_for_1_read_and_1_write_more()
    {
        var started = await _service.LoginAsync(_account.Email);
        await _fixture.Table(_prefix, "Sessions").DeleteEntityAsync($"{_account.Id}", $"p:{started.Session.Id}");
        await AssertCostAsync(TransactionBudgets.Heartbeat + new TransactionCost(1, 1), BeatAsync);
        await AssertCostAsync(TransactionBudgets.Heartbeat, BeatAsync);
        await _service.RefreshAsync(started.Tokens.RefreshText);

        async Task BeatAsync() => Assert.Null(await _service.BeatAsync(started.Session));
    }

    [Fact]
    public async Task A_session_that_ends_by_reuse_is_1_read_more_than_a_logout_and_notices_are_1_read()
    {
        var started = await _service.LoginAsync(_account.Email);
        await _service.RefreshAsync(started.Tokens.RefreshText);
        _clock.Advance(TimeSpan.FromHours(1));
        // The refresh that is refused and the look at why, then a logout and the notice.
        await AssertCostAsync(reads: 1 + 1 + 1, writes: 1 + 3, () => _service.TryRefreshAsync(started.Tokens.RefreshText));
        await AssertCostAsync(TransactionBudgets.IdlePoll, async () => Assert.Single(
            await _service.Stores.Mailbox.ReadNoticesAsync(_account.Id, 0, 100, default)));
    }

    [Fact]
    public async Task Ending_33_sessions_is_1_read_and_1_transaction_beside_the_timeline()
    {
        for (var i = 0; i < 33; i++)
            await _service.LoginAsync(_account.Email);
        await AssertCostAsync(reads: 1, writes: 33 + 1 + 33, () => _service.EndSessions.ExecuteAsync(
            _account.Id, EndReason.LogoutAll, null, Actor.Of(Service.Client)));
    }

    [Fact]
    public async Task A_retention_run_with_nothing_due_is_3_reads_for_each_shard()
    {
        // The cursor of the roll-up, the shards' activity, filings and revocations, the days of statistics; then its own cursor.
        await _service.RollUp.ExecuteAsync(default);
        await AssertCostAsync(TransactionBudgets.IdleRetention, () => _service.PurgeOldLogs.ExecuteAsync(default));
    }

    [Fact]
    public async Task Retention_of_a_log_goes_by_the_hour_and_is_2_reads_and_2_writes_for_one_within_a_day()
    {
        _clock.Advance(TimeSpan.FromHours(1));
        var next = (await _service.LoginAsync()).Tokens.RefreshText;
        for (var hour = 0; hour < 3; hour++)
        {
            _clock.Advance(TimeSpan.FromHours(1));
            next = (await _service.RefreshAsync(next)).RefreshText;
        }

        // The hour of the login goes with all that was before; then each refresh has an hour, and a row that files it, of its own.
        _clock.Advance(TimeSpan.FromDays(90) - TimeSpan.FromHours(2));
        await _service.Purge.ExecuteAsync(default);
        await _service.RollUp.ExecuteAsync(default);
        await _service.PurgeOldLogs.ExecuteAsync(default);
        for (var hour = 0; hour < 2; hour++)
        {
            _clock.Advance(TimeSpan.FromHours(1));
            await AssertCostAsync(
                TransactionBudgets.IdleRetention + TransactionBudgets.LogRetentionWithinADay + TransactionBudgets.RemovedRows,
                () => _service.PurgeOldLogs.ExecuteAsync(default));
        }
    }

    [Fact]
    public Task A_purge_of_nothing_is_1_read_for_each_shard() =>
        AssertCostAsync(TransactionBudgets.IdlePurge, () => _service.Purge.ExecuteAsync(default));

    [Fact]
    public async Task A_purge_of_a_session_that_was_refreshed_files_it_again_and_drops_its_old_row()
    {
        // The session of the other login of this class goes, too: out of another hour, so the two are never removed together.
        _clock.Advance(TimeSpan.FromHours(1));
        var started = await _service.LoginAsync(_account.Email);
        _clock.Advance(TimeSpan.FromHours(11));
        await _service.RefreshAsync(started.Tokens.RefreshText);
        _clock.Advance(TimeSpan.FromHours(2));
        // An instance that has served anything knows its keys.
        await _service.Keys.GetFreshAsync(default);
        await AssertCostAsync(
            TransactionBudgets.IdlePurge + TransactionBudgets.PurgedSession + TransactionBudgets.RefiledSession + new TransactionCost(0, 2),
            () => _service.Purge.ExecuteAsync(default));
    }

    [Fact]
    public async Task A_flagging_of_nothing_is_1_read_for_each_shard_and_2_reads_and_1_write()
    {
        await _service.Flag.ExecuteAsync(default);
        _clock.Advance(TimeSpan.FromMinutes(5));
        await AssertCostAsync(TransactionBudgets.IdleFlagging, () => _service.Flag.ExecuteAsync(default));
    }

    [Fact]
    public async Task The_revocation_feed_is_1_read_for_each_shard_whatever_sessions_there_are_and_none_from_the_cache()
    {
        for (var i = 0; i < 5; i++)
            await _service.LoginAsync(_account.Email);
        await _service.LogoutAsync((await _service.LoginAsync(_account.Email)).Session);
        await AssertCostAsync(reads: 16, writes: 0, () => _service.Revocations.ExecuteAsync(null, default));
        await AssertCostAsync(reads: 0, writes: 0, () => _service.Revocations.ExecuteAsync(_clock.GetUtcNow(), default));
        _clock.Advance(TimeSpan.FromSeconds(5));
        await AssertCostAsync(reads: 16, writes: 0, () => _service.Revocations.ExecuteAsync(null, default));
    }

    private async Task CheckAsync(Session session) => Assert.IsType<CheckSessionResult.Valid>(
        await _service.CheckSession.ExecuteAsync(session.UserId, session.Id, default));

    private Task AssertCostAsync(TransactionCost cost, Func<Task> operation) => AssertCostAsync(cost.Reads, cost.Writes, operation);

    private async Task AssertCostAsync(int reads, int writes, Func<Task> operation)
    {
        // Reading the keys again every few minutes is the instance's cost and no operation's.
        await _service.Keys.GetFreshAsync(default);
        Assert.Equal(new(reads, writes), await _counter.CountAsync(operation));
    }
}
