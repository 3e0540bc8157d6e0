namespace Serverless.Tables.Tests;

/// <summary>What a deployment pays for.</summary>
[Collection(nameof(TableFixture))]
public sealed class TransactionBudgetTests : IAsyncLifetime, IDisposable
{
    private readonly CountingPolicy _counter = new();
    private readonly FakeClock _clock = new();
    private readonly Service _service;
    private Account _account = null!;

    public TransactionBudgetTests(TableFixture fixture) => _service = new(fixture.CreateStores(_counter), _clock);

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
    public async Task The_audit_of_all_sessions_of_a_user_is_3_reads()
    {
        for (var i = 0; i < 5; i++)
            await _service.LogoutAsync((await _service.LoginAsync(_account.Email)).Session);
        await AssertCostAsync(TransactionBudgets.AccountAudit, async () => Assert.Equal(
            6, (await _service.ReadAudits.ExecuteAsync(_account.Id, default)).Sessions.Count));
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
    public async Task A_message_is_2_reads_and_2_writes_and_2_reads_more_for_a_recipient_not_written_to_for_a_minute()
    {
        var to = (await _service.CreateAccountAsync()).Id;
        // The first of a conversation has both copies filed for retention, as has one behind a pause as long as that.
        await AssertCostAsync(reads: 4, writes: 2 + 2, () => SendAsync(to, "one"));
        _clock.Advance(TimeSpan.FromDays(91));
        await _service.PurgeOldLogs.ExecuteAsync(default);
        await AssertCostAsync(reads: 4, writes: 2 + 2, () => SendAsync(to, "after a pause"));
        await AssertCostAsync(reads: 2, writes: 2, () => SendAsync(to, "two"));
        // The write that is refused, the conversation again, the key and its message; the recipient's copy is complete.
        await AssertCostAsync(reads: 2 + 3, writes: 1, () => SendAsync(to, "two"));
        await _service.ChangeAccount.ExecuteAsync(await _service.NewAdministratorAsync(), to, AccountState.Disabled, null, default);
        _clock.Advance(TimeSpan.FromMinutes(1));
        await AssertCostAsync(reads: 2 + 2 + 1, writes: 0, () => SendAsync(to, "three"));
        await AssertCostAsync(reads: 2 + 2 + 3, writes: 0, () => SendAsync(to, "two"));
    }

    [Fact]
    public async Task A_poll_of_a_conversation_is_1_read_and_1_more_when_there_is_news()
    {
        var to = (await _service.CreateAccountAsync()).Id;
        await AssertCostAsync(TransactionBudgets.IdlePoll, () => _service.ReadConversation.AfterAsync(to, _account.Id, 0, 50, default));
        for (var i = 0; i < 3; i++)
            await SendAsync(to, $"{i}");
        await AssertCostAsync(reads: 2, writes: 0, async () => Assert.Equal(
            3, (await _service.ReadConversation.AfterAsync(to, _account.Id, 0, 50, default)).Messages.Count));
        await AssertCostAsync(TransactionBudgets.IdlePoll, () => _service.ReadConversation.AfterAsync(to, _account.Id, 3, 50, default));
        await AssertCostAsync(reads: 3, writes: 0, () => _service.ReadConversation.OpenAsync(to, _account.Id, 50, default));
        await AssertCostAsync(reads: 2, writes: 1, () => _service.MarkMessagesRead.ExecuteAsync(to, _account.Id, 2, default));
        await AssertCostAsync(reads: 1, writes: 1, () => _service.MarkMessagesRead.ExecuteAsync(to, _account.Id, 3, default));
        await AssertCostAsync(reads: 1, writes: 0, () => _service.MarkMessagesRead.ExecuteAsync(to, _account.Id, 3, default));
        await AssertCostAsync(reads: 1, writes: 0, async () => Assert.Single(
            await _service.Stores.Mailbox.ListConversationsAsync(to, default).ToListAsync()));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(DeliverMessages.MaximumAtOnce, 1)]
    [InlineData(DeliverMessages.MaximumAtOnce + 1, 2)]
    [InlineData((2 * DeliverMessages.MaximumAtOnce) + 1, 3)]
    public async Task What_dead_senders_left_costs_who_opens_the_conversation_3_for_each_transaction_but_2_for_the_last(int left, int transactions)
    {
        var other = (await _service.CreateAccountAsync()).Id;
        var main = new Conversation(_account.Id, other);
        if (!main.IsMain)
            main = new(other, _account.Id);
        // RetentionScheduled and there before, so that nothing but what was left costs.
        await MailRetentionTests.AddAsync(_service, main.Owner, main.Other, 1, from: other);
        await _service.ReadConversation.OpenAsync(_account.Id, other, 50, default);
        await MailRetentionTests.AddAsync(_service, main.Owner, main.Other, left, from: other);
        await AssertCostAsync(
            reads: 3 + transactions + (transactions - 1), writes: transactions,
            () => _service.ReadConversation.OpenAsync(_account.Id, other, 50, default));
    }

    [Fact]
    public async Task Presence_is_1_read_for_each_user_and_none_from_the_cache()
    {
        var users = Enumerable.Range(0, 9).Select(_ => UserId.New(_clock.GetUtcNow())).Append(_account.Id).ToList();
        await _service.LoginAsync(_account.Email);
        await _service.LoginAsync(_account.Email);
        await AssertCostAsync(reads: 10, writes: 0, () => _service.ReadPresence.ExecuteAsync(users, default));
        await AssertCostAsync(reads: 0, writes: 0, () => _service.ReadPresence.ExecuteAsync(users, default));
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

    [Fact]
    public async Task A_page_of_activity_is_1_read_for_each_shard_and_window_until_it_is_full()
    {
        for (var i = 0; i < 11; i++)
            await _service.LoginAsync(_account.Email);
        await AssertCostAsync(TransactionBudgets.ActivityWindow, async () => Assert.Equal(10, await CountAsync()));
        _clock.Advance(TimeSpan.FromHours(1));
        await AssertCostAsync(2 * TransactionBudgets.ActivityWindow, async () => Assert.Equal(10, await CountAsync()));
        // Five minutes, two hours, two days, a week.
        _clock.Advance(TimeSpan.FromDays(10));
        await AssertCostAsync(4 * TransactionBudgets.ActivityWindow, async () => Assert.Equal(0, await CountAsync()));

        async Task<int> CountAsync() =>
            (await _service.ReadActivity.ExecuteAsync(ActivityFilter.All, null, null, null, 10, default)).Activities.Count;
    }

    [Fact]
    public async Task An_acknowledgement_and_its_undoing_are_1_read_and_1_write_and_1_read_if_it_is_so_already()
    {
        var now = _clock.GetUtcNow();
        var evidence = new SecurityEvidence(TimeSpan.FromHours(1), 11, Failures: 11, DistinctAccounts: 1, DistinctAddresses: 1, now, now);
        await _service.Stores.SuspiciousIps.FlagAsync(new("203.0.113.7", evidence, now, now, now.AddDays(1)), default);
        foreach (var acknowledgement in (Acknowledgement?[])[new(_account.Id, now), null])
        {
            await AssertCostAsync(reads: 1, writes: 1, () => AcknowledgeAsync(acknowledgement));
            await AssertCostAsync(reads: 1, writes: 0, () => AcknowledgeAsync(acknowledgement));
        }

        Task AcknowledgeAsync(Acknowledgement? acknowledgement) =>
            _service.Stores.SuspiciousIps.TryAcknowledgeAsync("203.0.113.7", acknowledgement, default);
    }

    [Fact]
    public async Task The_live_statistics_are_a_read_of_the_days_and_one_for_each_shard_and_none_from_the_cache()
    {
        await _service.RollUp.ExecuteAsync(default);
        _clock.Advance(TimeSpan.FromHours(2));
        await _service.RollUp.ExecuteAsync(default);
        await AssertCostAsync(TransactionBudgets.LiveStatistics, () => _service.LiveStatistics.ExecuteAsync(default).AsTask());
        await AssertCostAsync(reads: 0, writes: 0, () => _service.LiveStatistics.ExecuteAsync(default).AsTask());
    }

    [Fact]
    public async Task Live_statistics_of_more_than_5000_activities_are_read_once_a_minute()
    {
        await _service.RollUp.ExecuteAsync(default);
        _clock.Advance(TimeSpan.FromHours(2));
        await _service.RollUp.ExecuteAsync(default);
        for (var i = 0; i < 50; i++)
            await RecordAsync(100);
        await AssertNextReadAsync(after: ReadLiveStatistics.GoodFor);
        await RecordAsync(1);
        await AssertNextReadAsync(after: ReadLiveStatistics.GoodFor);
        _clock.Advance(TimeSpan.FromSeconds(54));
        await AssertCostAsync(reads: 0, writes: 0, () => _service.LiveStatistics.ExecuteAsync(default).AsTask());
        await AssertNextReadAsync(after: ReadLiveStatistics.GoodFor);

        Task RecordAsync(int count) => _service.Stores.Timeline.RecordTogetherAsync(
            [.. Enumerable.Range(0, count).Select(_ => new Activity(ActivityKind.Login, _clock.GetUtcNow(), "203.0.113.7"))], default);

        async Task AssertNextReadAsync(TimeSpan after)
        {
            _clock.Advance(after);
            await AssertCostAsync(TransactionBudgets.LiveStatistics, () => _service.LiveStatistics.ExecuteAsync(default).AsTask());
        }
    }

    [Fact]
    public async Task The_health_is_3_reads_beside_the_readiness_and_none_from_the_cache()
    {
        await AssertCostAsync(TransactionBudgets.Readiness, () => _service.Readiness.ExecuteAsync(default));
        await AssertCostAsync(TransactionBudgets.Health, () => _service.ReadHealth.ExecuteAsync(default).AsTask());
        await AssertCostAsync(reads: 0, writes: 0, () => _service.ReadHealth.ExecuteAsync(default).AsTask());
    }

    [Fact]
    public Task The_record_of_a_timers_run_is_1_write() => AssertCostAsync(
        TransactionBudgets.TimerRun, () => _service.Stores.Timeline.SaveLastRunAsync("SendOutbox", _clock.GetUtcNow(), default));

    private Task<SendMessageResult> SendAsync(UserId to, string body) =>
        _service.SendMessage.ExecuteAsync(_account.Id, to, body, $"the key of {body}", default);

    private async Task CheckAsync(Session session) => Assert.IsType<CheckSessionResult.Good>(
        await _service.CheckSession.ExecuteAsync(session.UserId, session.Id, default));

    private Task AssertCostAsync(TransactionCost cost, Func<Task> operation) => AssertCostAsync(cost.Reads, cost.Writes, operation);

    private async Task AssertCostAsync(int reads, int writes, Func<Task> operation)
    {
        // Reading the keys again every few minutes is the instance's cost and no operation's.
        await _service.Keys.GetFreshAsync(default);
        Assert.Equal(new(reads, writes), await _counter.CountAsync(operation));
    }
}
