namespace Serverless.Tables.Tests;

/// <summary>What an operator's console reads, and what it acknowledges.</summary>
[Collection(nameof(TableFixture))]
public sealed class ConsoleBudgetTests : IAsyncLifetime, IDisposable
{
    private readonly CountingPolicy _counter = new();
    private readonly FakeClock _clock = new();
    private readonly Service _service;
    private Account _account = null!;

    public ConsoleBudgetTests(TableFixture fixture) => _service = new(fixture.CreateStores(_counter), _clock);

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
    public async Task A_search_of_accounts_is_1_read_and_1_for_each_email_and_accounts_by_id_are_2_reads_each()
    {
        var email = _account.Email.Value;
        await AssertCostAsync(reads: 2, writes: 0, async () => Assert.Single(
            (await _service.SearchAccounts.ExecuteAsync(new(email[..30]), null, 10, default)).Accounts));
        await AssertCostAsync(reads: 2, writes: 0, async () => Assert.Single(await _service.FindAccount.ExecuteAsync([_account.Id], default)));
        await AssertCostAsync(reads: 1, writes: 0, () => _service.ListAccounts.ExecuteAsync(null, 1, default));
    }

    [Fact]
    public async Task An_email_without_an_account_that_a_search_meets_is_1_read_and_1_write_more_and_an_account_to_index_2_writes()
    {
        var (email, key) = (_account.Email.Value, _account.Email.ToAccountKey());
        Assert.True(Email.TryParse($"{email[..30]}x@example.com", out var stale));
        await _service.Stores.Emails.AddAsync(EmailPosition.Of(stale), _clock.GetUtcNow(), default);
        _clock.Advance(TimeSpan.FromMinutes(16));
        await AssertCostAsync(reads: 1 + 2 + 1, writes: 1, SearchAsync);
        await AssertCostAsync(reads: 1 + 1, writes: 0, SearchAsync);

        var stored = (await _service.Stores.Accounts.ReadAsync(key, default)).Account!;
        await _service.Stores.Accounts.TryReplaceAsync(stored with { IsIndexed = false }, null, default);
        await AssertCostAsync(reads: 1, writes: 2, ListAsync);
        await AssertCostAsync(reads: 1, writes: 0, ListAsync);

        Task SearchAsync() => _service.SearchAccounts.ExecuteAsync(new(email[..30]), null, 10, default);
        // Where it is the next.
        Task ListAsync() => _service.ListAccounts.ExecuteAsync(new(key.Value[..^1]), 1, default);
    }

    [Fact]
    public async Task The_audit_of_all_sessions_of_a_user_is_3_reads()
    {
        for (var i = 0; i < 5; i++)
            await _service.LogoutAsync((await _service.LoginAsync(_account.Email)).Session);
        await AssertCostAsync(TransactionBudgets.AccountAudit, async () => Assert.Equal(
            6, (await _service.AuditUser.ExecuteAsync(_account.Id, default)).Sessions.Count));
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
        await AssertNextReadAsync(after: ReadLiveStatistics.CacheLifetime);
        await RecordAsync(1);
        await AssertNextReadAsync(after: ReadLiveStatistics.CacheLifetime);
        _clock.Advance(TimeSpan.FromSeconds(54));
        await AssertCostAsync(reads: 0, writes: 0, () => _service.LiveStatistics.ExecuteAsync(default).AsTask());
        await AssertNextReadAsync(after: ReadLiveStatistics.CacheLifetime);

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

    private Task AssertCostAsync(TransactionCost cost, Func<Task> operation) => AssertCostAsync(cost.Reads, cost.Writes, operation);

    private async Task AssertCostAsync(int reads, int writes, Func<Task> operation)
    {
        // Reading the keys again every few minutes is the instance's cost and no operation's.
        await _service.Keys.GetFreshAsync(default);
        Assert.Equal(new(reads, writes), await _counter.CountAsync(operation));
    }
}
