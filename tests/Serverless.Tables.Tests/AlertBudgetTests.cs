namespace Serverless.Tables.Tests;

[Collection(nameof(TableFixture))]
public sealed class AlertBudgetTests : IDisposable
{
    // The read of what was raised before, after news.
    private static readonly TransactionCost OneReadMore = TransactionBudgets.IdleAlerts + new TransactionCost(1, 0);

    private readonly CountingPolicy _counter = new();
    private readonly FakeClock _clock = new();
    private readonly Stores _stores;
    private readonly Service _service;

    public AlertBudgetTests(TableFixture fixture)
    {
        _stores = fixture.CreateStores(_counter);
        _service = new(_stores, _clock);
    }

    public void Dispose() => _service.Dispose();

    [Fact]
    public async Task A_run_without_events_is_a_read_for_each_shard_3_more_and_a_write()
    {
        await _service.RaiseAlerts.ExecuteAsync(default);
        // Also beside events that were raised before, and activity that is nothing to tell.
        await RecordAsync(3);
        await _service.RaiseAlerts.ExecuteAsync(default);
        _clock.Advance(TimeSpan.FromMinutes(3));
        await _service.RaiseAlerts.ExecuteAsync(default);
        await RecordAsync(100, locks: false);

        // The changes of accounts, the cursor, the activity, what is to be removed; the cursor.
        await AssertCostAsync(TransactionBudgets.IdleAlerts);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    public async Task An_event_is_a_write_and_all_together_are_a_read(int events)
    {
        await _service.RaiseAlerts.ExecuteAsync(default);
        await RecordAsync(events);
        await AssertCostAsync(OneReadMore + new TransactionCost(0, events));
    }

    [Fact]
    public async Task A_new_device_is_a_read_more_once_it_is_told()
    {
        await _service.RaiseAlerts.ExecuteAsync(default);
        var account = await CreateAccountAsync();
        await _service.LoginAsync(account.Email);
        await _service.LoginAsync(account.Email, client: Service.Client with { Device = "a phone" });
        await AssertCostAsync(TransactionBudgets.IdleAlerts + TransactionBudgets.RaisedEvent);
        await AssertCostAsync(OneReadMore);
    }

    [Fact]
    public async Task A_new_device_whose_session_was_purged_is_another_read()
    {
        await _service.RaiseAlerts.ExecuteAsync(default);
        var account = await CreateAccountAsync();
        await _service.LoginAsync(account.Email);
        var session = (await _service.LoginAsync(account.Email, client: Service.Client with { Device = "a phone" })).Session;
        await _stores.Sessions.TryRemoveAsync((await _stores.Sessions.FindAsync(account.Id, session.Id, default))!, null, default);
        await AssertCostAsync(TransactionBudgets.IdleAlerts + TransactionBudgets.RaisedEvent + new TransactionCost(1, 0));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_finding_of_a_login_that_came_to_nothing_is_2_reads_in_each_run_of_the_next_2_minutes(bool isFromAfar)
    {
        await _service.RaiseAlerts.ExecuteAsync(default);
        var (now, findings) = (_clock.GetUtcNow(), isFromAfar ? 2 : 1);
        var login = new Activity(ActivityKind.Login, now, "203.0.113.7") { UserId = UserId.New(now), SessionId = SessionId.New() };
        await _stores.Timeline.RecordAsync(login with { NewDevice = true, NewCountry = isFromAfar }, default);
        await AssertCostAsync(OneReadMore + new TransactionCost(2 * findings, 0));
        await AssertCostAsync(OneReadMore + new TransactionCost(2 * findings, 0));
        await AssertCostAsync(TransactionBudgets.IdleAlerts);
    }

    [Fact]
    public async Task A_reuse_is_a_read_more_until_it_is_told()
    {
        await _service.RaiseAlerts.ExecuteAsync(default);
        var started = await _service.LoginAsync((await CreateAccountAsync()).Email);
        await _service.RefreshAsync(started.Tokens.RefreshText);
        _clock.Advance(TimeSpan.FromSeconds(31));
        await _service.TryRefreshAsync(started.Tokens.RefreshText);
        await AssertCostAsync(OneReadMore + new TransactionCost(1, 1));
        await AssertCostAsync(OneReadMore);
    }

    [Fact]
    public async Task Old_events_are_a_write_for_each_started_33()
    {
        await RecordAsync(40);
        await _service.RaiseAlerts.ExecuteAsync(default);
        _clock.Advance(TimeSpan.FromDays(401));
        // The activity has been dealt with: without its steps.
        await _stores.Timeline.SaveCursorAsync(RaiseSecurityAlerts.Timer, _clock.GetUtcNow().AddMinutes(-3), default);
        await AssertCostAsync(TransactionBudgets.IdleAlerts + new TransactionCost(0, 2));
    }

    [Fact]
    public async Task Accounts_that_changed_are_a_read_each_and_a_write_for_each_started_hundred()
    {
        await _service.RaiseAlerts.ExecuteAsync(default);
        for (var i = 0; i < 3; i++)
            await _service.CreateAccountAsync();
        _clock.Advance(TimeSpan.FromMinutes(3));
        await AssertCostAsync(TransactionBudgets.IdleAlerts + new TransactionCost(3, 1));
        await AssertCostAsync(TransactionBudgets.IdleAlerts);
    }

    [Fact]
    public async Task An_account_that_never_came_to_be_is_looked_at_twice_and_removed_with_its_email_in_2_writes()
    {
        await _service.RaiseAlerts.ExecuteAsync(default);
        var (email, user) = (Service.NewEmail(), UserId.New(_clock.GetUtcNow()));
        var account = new Account(user, email, null, [], AccountState.Active, Ulid.New(_clock.GetUtcNow()), _clock.GetUtcNow());
        var due = new ChangeDue(email.ToAccountKey(), _clock.GetUtcNow().AddMinutes(2), user, EmailPosition.Of(email));
        await _stores.Timeline.ScheduleChangeAsync(due, default);
        await _stores.Emails.AddAsync(due.Email!.Value, _clock.GetUtcNow(), default);
        await _stores.Epochs.OpenFirstEpochAsync(account, default);
        _clock.Advance(TimeSpan.FromMinutes(3));
        // The account, its email, the epochs; the next check, and the end of this one.
        await AssertCostAsync(TransactionBudgets.IdleAlerts + new TransactionCost(3, 2));
        await AssertCostAsync(TransactionBudgets.IdleAlerts);
        _clock.Advance(TimeSpan.FromMinutes(15));
        await AssertCostAsync(TransactionBudgets.IdleAlerts + new TransactionCost(3, 3));
        Assert.Empty((await _stores.Emails.ReadAsync(email.Value, null, 1, default)).Emails);
        Assert.Empty((await _stores.Passkeys.ReadAsync(user, default)).Epochs);
        await AssertCostAsync(TransactionBudgets.IdleAlerts);
    }

    private async Task<Account> CreateAccountAsync()
    {
        var account = await _service.CreateAccountAsync();
        _clock.Advance(TimeSpan.FromMinutes(3));
        await _service.RaiseAlerts.ExecuteAsync(default);
        return account;
    }

    private async Task RecordAsync(int count, bool locks = true)
    {
        var now = _clock.GetUtcNow();
        for (var i = 0; i < count; i++)
        {
            var failure = new Activity(ActivityKind.FailedLogin, now, "203.0.113.7");
            await _stores.Timeline.RecordAsync(failure with { UserId = UserId.New(now), Locks = locks }, default);
        }
    }

    private async Task AssertCostAsync(TransactionCost cost)
    {
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(cost, await _counter.CountAsync(() => _service.RaiseAlerts.ExecuteAsync(default)));
    }
}
