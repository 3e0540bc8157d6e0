namespace Serverless.Tables.Tests;

[Collection(nameof(TableFixture))]
public sealed class OutboxBudgetTests : IDisposable
{
    private readonly CountingPolicy _counter = new();
    private readonly FakeClock _clock = new();
    private readonly Receiver _webhook = new();
    private readonly Stores _stores;
    private readonly Service _service;

    public OutboxBudgetTests(TableFixture fixture)
    {
        _stores = fixture.CreateStores(_counter);
        _service = new(_stores, _clock, webhook: _webhook);
    }

    public void Dispose() => _service.Dispose();

    [Fact]
    public async Task A_message_is_a_read_and_4_writes_and_a_run_is_one_read_more()
    {
        await RaiseAsync();
        await _service.SendOutbox.TryAsync(await NextAsync(), default);
        await AssertCostAsync(TransactionBudgets.IdleOutbox);
        // Beside the event itself.
        var cost = await _counter.CountAsync(RaiseAsync);
        var due = await NextAsync();
        cost += await _counter.CountAsync(() => _service.SendOutbox.TryAsync(due, default));
        Assert.Equal(TransactionBudgets.SentMessage + new TransactionCost(0, 1), cost);
        await AssertCostAsync(TransactionBudgets.IdleOutbox);

        await RaiseAsync();
        await AssertCostAsync(TransactionBudgets.IdleOutbox + new TransactionCost(1, 3));
        await AssertCostAsync(TransactionBudgets.IdleOutbox);
    }

    [Fact]
    public async Task A_failure_is_a_read_and_a_write_and_one_that_asks_for_a_later_time_another()
    {
        await RaiseAsync();
        _webhook.Outcomes = _ => SendOutcome.Failed;
        await AssertCostAsync(TransactionBudgets.IdleOutbox + new TransactionCost(1, 1));
        _webhook.RetryAfter = TimeSpan.FromHours(1);
        await AssertCostAsync(TransactionBudgets.IdleOutbox + new TransactionCost(1, 2));
    }

    [Fact]
    public async Task The_count_of_a_limited_channel_is_a_read_of_its_first_attempt_and_no_write()
    {
        var due = OutboxDue.New(Guid.NewGuid(), OutboxChannel.Mail, "a key", _clock.GetUtcNow());
        await _stores.Outbox.ScheduleAsync(due, default);
        var next = due with { Attempts = 1, DueAt = due.DueAt.AddMinutes(1) };
        Assert.Equal(new(1, 1), await _counter.CountAsync(() => _stores.Outbox.TryClaimAsync(due, next, 1, default)));
        Assert.Equal(new(2, 0), await _counter.CountAsync(() => _stores.Outbox.TryClaimAsync(due, next, 1, default)));
    }

    [Fact]
    public async Task A_new_device_with_push_on_is_1_write_more_and_its_message_3_reads_and_2_writes_for_any_number_of_devices()
    {
        var push = new PushSink();
        using var service = new Service(_stores, _clock, pushSender: push);
        var account = await service.CreateAccountAsync();
        foreach (var device in (string[])["a", "b", "c"])
        {
            var session = (await service.LoginAsync(account.Email)).Session;
            await service.SubscribeToPush.ExecuteAsync(session.UserId, session.Id, PushSink.At(device), default);
        }

        Assert.Equal(TransactionBudgets.Login, await _counter.CountAsync(() => service.LoginAsync(account.Email)));
        Assert.Equal(
            TransactionBudgets.Login + TransactionBudgets.NewDevice + new TransactionCost(0, 1),
            await _counter.CountAsync(() => service.LoginAsync(account.Email, client: Service.Client with { Device = "a phone" })));
        _clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(
            TransactionBudgets.IdleOutbox + TransactionBudgets.PushMessage,
            await _counter.CountAsync(() => service.SendOutbox.ExecuteAsync(default)));
        Assert.Equal(3, push.Taken.Count);
    }

    [Fact]
    public async Task A_push_subscription_is_1_read_and_1_write_and_1_read_if_it_is_there()
    {
        var session = (await _service.LoginAsync((await _service.CreateAccountAsync()).Email)).Session;
        foreach (var writes in (int[])[1, 0])
        {
            Assert.Equal(new(1, writes), await _counter.CountAsync(
                () => _service.SubscribeToPush.ExecuteAsync(session.UserId, session.Id, PushSink.At("a"), default)));
        }
    }

    private ValueTask<OutboxDue> NextAsync() => _service.OutboxQueue.ReadAllAsync(default).FirstAsync();

    private Task RaiseAsync() => _service.RaiseEvent.ExecuteAsync(
        new(Guid.NewGuid(), SecurityEventKind.TokenReuse, _clock.GetUtcNow(), "unknown"), default);

    private async Task AssertCostAsync(TransactionCost cost)
    {
        _clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(cost, await _counter.CountAsync(() => _service.SendOutbox.ExecuteAsync(default)));
    }
}
