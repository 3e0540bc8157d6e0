namespace Serverless.Tables.Tests;

/// <summary>What security alerts cost: a run without anything to tell, and each event.</summary>
[Collection(nameof(TableFixture))]
public sealed class AlertBudgetTests : IDisposable
{
    private const int Shards = TransactionBudgets.Shards;

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
        var (reads, writes) = TransactionBudgets.IdleAlerts;
        await AssertCostAsync(_service, reads, writes);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    public async Task An_event_is_a_write_and_all_together_are_a_read(int events)
    {
        await _service.RaiseAlerts.ExecuteAsync(default);
        await RecordAsync(events);
        await AssertCostAsync(_service, reads: 1 + 1 + Shards + 1 + 1, writes: 1 + events);
    }

    [Fact]
    public async Task A_webhook_is_a_read_for_each_run_and_2_writes_for_each_event_and_a_failure_is_one()
    {
        var webhook = new Receiver();
        using var service = new Service(_stores, _clock, webhook: webhook);
        await service.RaiseAlerts.ExecuteAsync(default);
        await AssertCostAsync(service, reads: 1 + 1 + Shards + 1 + 1, writes: 1);

        await RecordAsync(2);
        webhook.Outcome = WebhookOutcome.Failed;
        await AssertCostAsync(service, reads: 1 + 1 + Shards + 1 + 1 + 1, writes: 1 + 2 + 2);

        webhook.Outcome = WebhookOutcome.Taken;
        _clock.Advance(TimeSpan.FromMinutes(2));
        _clock.Advance(TimeSpan.FromMinutes(2));
        await service.Stores.Cursors.SaveCursorAsync(RaiseSecurityAlerts.Timer, _clock.GetUtcNow().AddMinutes(-3), default);
        await AssertCostAsync(service, reads: 1 + 1 + Shards + 1 + 1, writes: 1 + (2 * 2));
        Assert.Equal(4, webhook.Sent);
    }

    [Fact]
    public async Task A_new_device_is_a_read_more_once_it_is_told()
    {
        await _service.RaiseAlerts.ExecuteAsync(default);
        var account = await CreateAccountAsync();
        await _service.LoginAsync(account.Email);
        await _service.LoginAsync(account.Email, client: Service.Client with { Device = "a phone" });
        var (reads, writes) = TransactionBudgets.IdleAlerts + TransactionBudgets.RaisedEvent;
        await AssertCostAsync(_service, reads, writes);
        await AssertCostAsync(_service, reads: 1 + 1 + Shards + 1 + 1, writes: 1);
    }

    [Fact]
    public async Task A_reuse_is_a_read_more_until_it_is_told()
    {
        await _service.RaiseAlerts.ExecuteAsync(default);
        var started = await _service.LoginAsync((await CreateAccountAsync()).Email);
        await _service.RefreshAsync(started.Tokens.RefreshText);
        _clock.Advance(TimeSpan.FromSeconds(31));
        await _service.TryRefreshAsync(started.Tokens.RefreshText);
        await AssertCostAsync(_service, reads: 1 + 1 + Shards + 1 + 1 + 1, writes: 1 + 1);
        await AssertCostAsync(_service, reads: 1 + 1 + Shards + 1 + 1, writes: 1);
    }

    [Fact]
    public async Task Old_events_are_a_read_and_a_write_for_each_started_33()
    {
        await RecordAsync(40);
        await _service.RaiseAlerts.ExecuteAsync(default);
        _clock.Advance(TimeSpan.FromDays(401));
        // The activity has been dealt with: without its steps.
        await _stores.Cursors.SaveCursorAsync(RaiseSecurityAlerts.Timer, _clock.GetUtcNow().AddMinutes(-3), default);
        await AssertCostAsync(_service, reads: 1 + 1 + Shards + 1 + 1, writes: 1 + 2);
    }

    [Fact]
    public async Task Accounts_that_changed_are_a_read_each_and_a_write_for_each_started_hundred()
    {
        await _service.RaiseAlerts.ExecuteAsync(default);
        for (var i = 0; i < 3; i++)
            await _service.CreateAccountAsync();
        _clock.Advance(TimeSpan.FromMinutes(3));
        var (reads, writes) = TransactionBudgets.IdleAlerts;
        await AssertCostAsync(_service, reads + 3, writes + 1);
        await AssertCostAsync(_service, reads, writes);
    }

    /// <summary>An account that was inspected.</summary>
    private async Task<Account> CreateAccountAsync()
    {
        var account = await _service.CreateAccountAsync();
        _clock.Advance(TimeSpan.FromMinutes(3));
        await _service.RaiseAlerts.ExecuteAsync(default);
        return account;
    }

    private async Task RecordAsync(int count, bool locks = true)
    {
        for (var i = 0; i < count; i++)
        {
            await _stores.Timeline.RecordAsync(
                new()
                {
                    Kind = ActivityKind.FailedLogin, At = _clock.GetUtcNow(), AddressGroup = "203.0.113.7", UserId = UserId.New(_clock.GetUtcNow()), Locks = locks,
                },
                default);
        }
    }

    private async Task AssertCostAsync(Service service, int reads, int writes)
    {
        _clock.Advance(TimeSpan.FromMinutes(1));
        _counter.Reset();
        await service.RaiseAlerts.ExecuteAsync(default);
        Assert.Equal((reads, writes), (_counter.Reads, _counter.Writes));
    }

    private sealed class Receiver : IWebhook
    {
        public WebhookOutcome Outcome { get; set; }

        public int Sent { get; private set; }

        public int MaximumAttempts => 10;

        public Task<WebhookAnswer> SendAsync(SecurityEvent securityEvent, CancellationToken cancellationToken)
        {
            Sent++;
            return Task.FromResult(new WebhookAnswer(Outcome, ""));
        }
    }
}
