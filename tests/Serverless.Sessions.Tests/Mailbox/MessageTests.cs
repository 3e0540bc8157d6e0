namespace Serverless.Sessions.Tests.Mailbox;

public sealed class MessageTests : IAsyncLifetime, IDisposable
{
    private readonly Stores _stores = InMemoryStores.Create();
    private readonly FakeClock _clock = new();
    private readonly Service _service;
    private Account _ann = null!;
    private Account _bob = null!;

    public MessageTests() => _service = new(_stores, _clock);

    public async Task InitializeAsync()
    {
        _ann = await _service.CreateAccountAsync();
        _bob = await _service.CreateAccountAsync();
    }

    public Task DisposeAsync() => Task.CompletedTask;
    public void Dispose() => _service.Dispose();

    [Fact]
    public async Task A_key_with_another_body_is_refused_and_with_another_recipient_is_another_message()
    {
        await SendAsync(_ann, _bob, "hello", "key number one");
        Assert.IsType<SendMessageResult.KeyReused>(await TrySendAsync(_ann, _bob, "hallo", "key number one"));
        Assert.Equal(1, (await OpenAsync(_bob, _ann)).Conversation.Last);
        await SendAsync(_ann, await _service.CreateAccountAsync(), "hallo", "key number one");
    }

    [Fact]
    public async Task Nobody_and_a_disabled_user_get_no_message()
    {
        var nobody = UserId.New(_clock.GetUtcNow());
        Assert.IsType<SendMessageResult.RecipientUnknown>(await _service.SendMessage.ExecuteAsync(_ann.Id, nobody, "hello", "key number one", default));
        await SendAsync(_ann, _bob, "hello");
        await _service.ChangeAccount.ExecuteAsync(await _service.NewAdministratorAsync(), _bob.Id, AccountState.Disabled, null, default);
        // Known to be there for a minute.
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.IsType<SendMessageResult.RecipientUnknown>(await TrySendAsync(_ann, _bob, "hello?"));
        Assert.Equal(["hello"], (await OpenAsync(_ann, _bob)).Messages.Select(message => message.Body));
        Assert.Equal([_bob.Id], await _stores.Mailbox.ListConversationsAsync(_ann.Id, default).Select(each => each.Other).ToListAsync());
    }

    [Fact]
    public async Task A_repeated_message_is_found_though_its_recipient_was_disabled_meanwhile()
    {
        var sent = await SendAsync(_ann, _bob, "hello", "key number one");
        await DieSendingAsync("left", "key number two");
        await _service.ChangeAccount.ExecuteAsync(await _service.NewAdministratorAsync(), _bob.Id, AccountState.Disabled, null, default);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(new SendMessageResult.SentBefore(sent), await TrySendAsync(_ann, _bob, "hello", "key number one"));
        Assert.IsType<SendMessageResult.KeyReused>(await TrySendAsync(_ann, _bob, "hallo", "key number one"));
        Assert.IsType<SendMessageResult.SentBefore>(await TrySendAsync(_ann, _bob, "left", "key number two"));
        Assert.Equal(["hello", "left"], (await PollAsync(_bob, _ann)).Messages.Select(message => message.Body));
        Assert.IsType<SendMessageResult.RecipientUnknown>(await TrySendAsync(_ann, _bob, "hello?", "key number three"));
    }

    [Fact]
    public async Task A_poll_gets_what_is_behind_a_message_and_scrolling_back_what_is_ahead_of_one()
    {
        for (var i = 1; i <= 10; i++)
            await SendAsync(i % 2 == 0 ? _ann : _bob, i % 2 == 0 ? _bob : _ann, $"{i}");
        Assert.Equal([8, 9, 10], Numbers(await OpenAsync(_ann, _bob, limit: 3)));
        Assert.Equal([5, 6, 7], Numbers(await _service.ReadConversation.BeforeAsync(_ann.Id, _bob.Id, 8, 3, default)));
        Assert.Equal([1], Numbers(await _service.ReadConversation.BeforeAsync(_ann.Id, _bob.Id, 2, 3, default)));
        Assert.Empty(Numbers(await _service.ReadConversation.BeforeAsync(_ann.Id, _bob.Id, 0, 3, default)));
        Assert.Equal([10], Numbers(await _service.ReadConversation.BeforeAsync(_ann.Id, _bob.Id, int.MaxValue, 1, default)));
        Assert.Equal([1, 2, 3], Numbers(await AfterAsync(0, 3)));
        Assert.Equal([9, 10], Numbers(await AfterAsync(8, 3)));
        Assert.Empty(Numbers(await AfterAsync(10, 3)));
        Assert.Empty(Numbers(await AfterAsync(int.MaxValue, 3)));

        Task<ConversationPage> AfterAsync(int after, int limit) => _service.ReadConversation.AfterAsync(_ann.Id, _bob.Id, after, limit, default);
    }

    [Fact]
    public async Task Unread_is_what_the_other_wrote_behind_the_mark_and_the_mark_never_goes_back()
    {
        for (var i = 1; i <= 6; i++)
            await SendAsync(i is 2 or 5 ? _ann : _bob, i is 2 or 5 ? _bob : _ann, $"{i}");
        Assert.Equal((0, 4), await MarksAsync());
        // The mark may be on a message of one's own.
        Assert.NotNull(await MarkAsync(5));
        Assert.Equal((5, 1), await MarksAsync());
        Assert.NotNull(await MarkAsync(3));
        Assert.Equal((5, 1), await MarksAsync());
        Assert.NotNull(await MarkAsync(6));
        Assert.Equal((6, 0), await MarksAsync());
        Assert.Null(await MarkAsync(7));
        await SendAsync(_bob, _ann, "7");
        Assert.Equal((6, 1), await MarksAsync());
        Assert.Equal(2, (await OpenAsync(_bob, _ann)).Conversation.Unread);

        Task<Conversation?> MarkAsync(int upTo) => _service.MarkMessagesRead.ExecuteAsync(_ann.Id, _bob.Id, upTo, default);

        async Task<(int, int)> MarksAsync()
        {
            var conversation = (await OpenAsync(_ann, _bob)).Conversation;
            return (conversation.ReadUpTo, conversation.Unread);
        }
    }

    [Fact]
    public async Task An_answer_has_a_higher_number_and_no_earlier_time_though_its_instance_has_a_clock_that_is_behind()
    {
        using var behind = new Service(_stores, new());
        _clock.Advance(TimeSpan.FromHours(1));
        var question = await SendAsync(_ann, _bob, "when?");
        var answer = Assert.IsType<SendMessageResult.Sent>(
            await behind.SendMessage.ExecuteAsync(_bob.Id, _ann.Id, "now", "key number one", default)).Message;
        Assert.Equal((question.Number + 1, question.SentAt), (answer.Number, answer.SentAt));
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task A_sender_killed_at_any_step_leaves_a_message_in_both_copies_or_in_none_once_somebody_looks(bool repeats, bool hasMain)
    {
        var steps = await Killer.AtEachStepAsync(async dieAt =>
        {
            var (from, to) = (await _service.CreateAccountAsync(), await _service.CreateAccountAsync());
            if (new Conversation(from.Id, to.Id).IsMain != hasMain)
                (from, to) = (to, from);
            await SendAsync(from, to, "before");
            await SendAsync(to, from, "between");
            using var dying = new Service(_stores with { Mailbox = new Killer(dieAt).Around(_stores.Mailbox) }, _clock);
            var sending = () => dying.SendMessage.ExecuteAsync(from.Id, to.Id, "hello", "key number one", default);
            if (await Killer.RunAsync(sending) is not null)
                return false;

            if (repeats)
                Assert.Equal("hello", (await SendOrFindAsync(from, to, "hello", "key number one")).Body);
            else
                await OpenAsync(to, from);
            var (theirs, mine) = (await PollAsync(to, from), await PollAsync(from, to));
            Assert.Equal(mine.Messages, theirs.Messages);
            Assert.Equal(theirs.Conversation.Last, theirs.Messages.Count);
            if (repeats)
                Assert.Equal(["before", "between", "hello"], mine.Messages.Select(message => message.Body));
            return true;
        });
        // Both copies read, the message stored, and brought over; before and after each.
        Assert.Equal(2 * 4, steps);
    }

    [Fact]
    public async Task What_a_dead_sender_left_is_brought_over_in_order_by_whoever_writes_next()
    {
        foreach (var i in Enumerable.Range(1, 120))
            await DieSendingAsync($"{i}", $"key number {i}");
        await SendAsync(_bob, _ann, "121");
        foreach (var (owner, other) in new[] { (_ann, _bob), (_bob, _ann) })
            Assert.Equal(Enumerable.Range(1, 121).Select(i => $"{i}"), (await PollAsync(owner, other)).Messages.Select(message => message.Body));
        Assert.Equal(120, (await OpenAsync(_bob, _ann)).Conversation.Unread);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_repeated_send_is_acknowledged_only_with_the_message_in_both_copies(bool hasMain)
    {
        if (new Conversation(_ann.Id, _bob.Id).IsMain != hasMain)
            (_ann, _bob) = (_bob, _ann);
        // The first of two requests with one key stores the message between two calls of the second, whichever these are, and dies.
        for (var at = 1; ; at++)
        {
            var (key, calls, races) = ($"key number {at}", 0, 0);
            var mailbox = Intercepted.Around(_stores.Mailbox, before: _ =>
            {
                calls++;
                if (calls == 3)
                    SendAsync(_bob, _ann, "between").GetAwaiter().GetResult();
                if (calls != at + 2)
                    return;
                races++;
                DieSendingAsync("hello", key).GetAwaiter().GetResult();
            });
            using var second = new Service(_stores with { Mailbox = mailbox }, _clock);
            var result = await second.SendMessage.ExecuteAsync(_ann.Id, _bob.Id, "hello", key, default);
            var number = result is SendMessageResult.SentBefore before ? before.Message.Number : Assert.IsType<SendMessageResult.Sent>(result).Message.Number;
            Assert.Contains((await PollAsync(_bob, _ann)).Messages, message => message.Number == number && message.Body == "hello");
            if (races == 0)
            {
                Assert.InRange(at, 5, 9);
                return;
            }
        }
    }

    [Fact]
    public async Task A_message_whose_sender_hangs_up_behind_the_first_write_is_brought_over_by_who_opens_the_conversation()
    {
        using var caller = new CancellationTokenSource();
        var mailbox = Intercepted.Around(_stores.Mailbox, after: Intercepted.At(nameof(IMailboxStore.TrySaveAsync), () => caller.Cancel()));
        using var service = new Service(_stores with { Mailbox = mailbox }, _clock);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => service.SendMessage.ExecuteAsync(_ann.Id, _bob.Id, "hello", "key number one", caller.Token));
        Assert.Single((await OpenAsync(_bob, _ann)).Messages);
        Assert.IsType<SendMessageResult.SentBefore>(await TrySendAsync(_ann, _bob, "hello", "key number one"));
    }

    private static IEnumerable<int> Numbers(ConversationPage page) => page.Messages.Select(message => message.Number);

    private Task<ConversationPage> OpenAsync(Account owner, Account other, int limit = 100) =>
        _service.ReadConversation.OpenAsync(owner.Id, other.Id, limit, default);

    private Task<ConversationPage> PollAsync(Account owner, Account other) =>
        _service.ReadConversation.AfterAsync(owner.Id, other.Id, 0, 1000, default);

    // Right behind the first write.
    private async Task DieSendingAsync(string body, string key)
    {
        var mailbox = Intercepted.Around(
            _stores.Mailbox, after: call => Assert.NotEqual(nameof(IMailboxStore.TrySaveAsync), call));
        using var service = new Service(_stores with { Mailbox = mailbox }, _clock);
        await Assert.ThrowsAnyAsync<Exception>(() => service.SendMessage.ExecuteAsync(_ann.Id, _bob.Id, body, key, default));
    }

    private Task<SendMessageResult> TrySendAsync(Account from, Account to, string body, string? key = null) =>
        _service.SendMessage.ExecuteAsync(from.Id, to.Id, body, key ?? $"{Guid.NewGuid()}", default);

    private async Task<Message> SendAsync(Account from, Account to, string body, string? key = null) =>
        Assert.IsType<SendMessageResult.Sent>(await TrySendAsync(from, to, body, key)).Message;

    private async Task<Message> SendOrFindAsync(Account from, Account to, string body, string key) =>
        await TrySendAsync(from, to, body, key) switch
        {
            SendMessageResult.Sent sent => sent.Message,
            SendMessageResult.SentBefore before => before.Message,
            var other => throw new InvalidOperationException($"{other}"),
        };
}
