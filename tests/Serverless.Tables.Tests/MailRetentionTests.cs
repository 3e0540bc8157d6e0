namespace Serverless.Tables.Tests;

[Collection(nameof(TableFixture))]
public sealed class MailRetentionTests(TableFixture fixture)
{
    private static readonly int Nothing = TransactionBudgets.IdleRetention.Reads;

    [Fact]
    public async Task Old_messages_cost_what_is_removed_and_not_what_is_kept()
    {
        foreach (var kept in new[] { 1, 1_200 })
        {
            var (reads, writes) = await PurgeAsync(kept);
            // Of each copy a read that shows what is due and what is not.
            Assert.Equal(Nothing + 2, reads);
            // The cursor; of each copy its removal and its next place; their places until then, which may be in one shard or in two.
            Assert.InRange(writes, 1 + (2 * 2) + 1, 1 + (2 * 2) + 2);
        }
    }

    [Fact]
    public async Task The_last_messages_of_a_copy_cost_a_read_more_and_no_place()
    {
        var (reads, writes) = await PurgeAsync(kept: 0);
        Assert.Equal(Nothing + (2 * 2), reads);
        Assert.InRange(writes, 1 + 2 + 1, 1 + 2 + 2);
    }

    [Fact]
    public async Task Sessions_are_found_behind_a_thousand_messages_and_no_message_is_read_for_it()
    {
        var counter = new CountingPolicy();
        using var service = new Service(fixture.CreateStores(counter), new());
        var account = await service.CreateAccountAsync();
        await service.LoginAsync(account.Email);
        await AddAsync(service, account.Id, UserId.New(service.Clock.GetUtcNow()), 1_200);
        var (store, owner, now) = (service.Stores.Retention, LogOwner.Of(account.Id), service.Clock.GetUtcNow());

        Assert.Equal(new(2, 0), await counter.CountAsync(async () =>
            Assert.Equal(new(null, true, true), await store.ReadRemainingAsync(owner, now.AddDays(1), default))));
        Assert.Equal(new(1, 0), await counter.CountAsync(async () =>
            Assert.Equal(new(now, false, true), await store.ReadRemainingAsync(owner, now.AddDays(-1), default))));
    }

    [Fact]
    public async Task A_key_that_somebody_took_away_by_hand_holds_up_nobody_else()
    {
        using var service = new Service(fixture.CreateStores(), new());
        var (ann, bob) = ((await service.CreateAccountAsync()).Id, (await service.CreateAccountAsync()).Id);
        await service.SendMessage.ExecuteAsync(ann, bob, "hello", "key number one", default);
        var store = service.Stores.Retention;
        foreach (var copy in new ConversationCopy[] { new(ann, bob), new(bob, ann) })
        {
            if (Assert.Single(await store.ReadOldestMessagesAsync(copy, 9, default)).Key is { } key)
                Assert.True(await store.TryRemoveAsync(copy.Owner, [new(1, key, null, default)], null, default));
        }

        service.Clock.Advance(TimeSpan.FromDays(91));
        Assert.Equal(new() { Entries = 2, Messages = 1 }, await service.PurgeOldLogs.ExecuteAsync(default));
        Assert.Empty(await store.ReadDueLogsAsync(service.Clock.GetUtcNow(), default).ToListAsync());
        Assert.Single(await store.ReadDueLogsAsync(service.Clock.GetUtcNow().AddDays(2), default).ToListAsync());
    }

    private async Task<TransactionCost> PurgeAsync(int kept)
    {
        var counter = new CountingPolicy();
        using var service = new Service(fixture.CreateStores(counter), new(), retentionOptions: new() { LogLifetime = TimeSpan.FromDays(120) });
        var (ann, bob) = ((await service.CreateAccountAsync()).Id, (await service.CreateAccountAsync()).Id);
        for (var i = 0; i < 40; i++)
            await service.SendMessage.ExecuteAsync(ann, bob, "hello", $"key number {i}", default);
        service.Clock.Advance(TimeSpan.FromDays(80));
        await AddAsync(service, ann, bob, kept);
        await AddAsync(service, bob, ann, kept);
        await service.RollUp.ExecuteAsync(default);

        service.Clock.Advance(TimeSpan.FromDays(11));
        var cost = await counter.CountAsync(async () =>
            Assert.Equal(80, (await service.PurgeOldLogs.ExecuteAsync(default)).Messages));
        Assert.Equal(kept, (await service.ReadConversation.AfterAsync(ann, bob, 0, 2_000, default)).Messages.Count);
        return cost;
    }

    /// <summary>Saves messages in one copy alone.</summary>
    internal static async Task AddAsync(Service service, UserId owner, UserId other, int count, UserId? from = null)
    {
        var mailbox = service.Stores.Mailbox;
        while (count > 0)
        {
            var messages = new List<Message>();
            var conversation = await mailbox.FindConversationAsync(owner, other, default);
            for (var changed = conversation; messages.Count < DeliverMessages.MaximumAtOnce && count > 0; count--, changed = changed.UpTo(messages[^1]))
                messages.Add(changed.Next(from ?? other, "hello", service.Clock.GetUtcNow()));
            Assert.True(await mailbox.TrySaveAsync(conversation.UpTo(messages[^1]), messages, null, default));
        }
    }
}
