namespace Serverless.Tables.Tests;

/// <summary>What messages and presence cost.</summary>
[Collection(nameof(TableFixture))]
public sealed class MailboxBudgetTests : IAsyncLifetime, IDisposable
{
    private readonly CountingPolicy _counter = new();
    private readonly FakeClock _clock = new();
    private readonly Service _service;
    private Account _account = null!;

    public MailboxBudgetTests(TableFixture fixture) => _service = new(fixture.CreateStores(_counter), _clock);

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

    private Task<SendMessageResult> SendAsync(UserId to, string body) =>
        _service.SendMessage.ExecuteAsync(_account.Id, to, body, $"the key of {body}", default);

    private Task AssertCostAsync(TransactionCost cost, Func<Task> operation) => AssertCostAsync(cost.Reads, cost.Writes, operation);

    private async Task AssertCostAsync(int reads, int writes, Func<Task> operation)
    {
        // Reading the keys again every few minutes is the instance's cost and no operation's.
        await _service.Keys.GetFreshAsync(default);
        Assert.Equal(new(reads, writes), await _counter.CountAsync(operation));
    }
}
