namespace Serverless.Testing;

public abstract partial class StoreContract
{
    [Fact]
    public async Task A_copy_of_a_conversation_reads_back_with_its_messages_in_their_order()
    {
        var conversation = NewConversation();
        for (var i = 1; i <= 12; i++)
            conversation = await AddAsync(conversation, i % 3 == 0 ? conversation.Other : conversation.Owner, $"\"{i}\"\n\t€ 😀");
        Assert.Equal((12, 8, 4), (conversation.Last, conversation.Sent, conversation.Unread));
        var messages = await ReadAsync(conversation, 1, 12);
        Assert.Equal(Enumerable.Range(1, 12), messages.Select(message => message.Number));
        Assert.All(messages, message => Assert.Equal($"\"{message.Number}\"\n\t€ 😀", message.Body));
        Assert.Equal(
            Enumerable.Range(1, 12).Select(i => i % 3 == 0 ? (conversation.Other, conversation.Owner, i / 3) : (conversation.Owner, conversation.Other, i - i / 3)),
            messages.Select(message => (message.From, message.To, message.NumberOfSender)));
        Assert.Equal([3, 4, 5], (await ReadAsync(conversation, 3, 5)).Select(message => message.Number));
        Assert.Equal([3, 4], (await ReadAsync(conversation, 3, 12, limit: 2)).Select(message => message.Number));
        Assert.Empty(await ReadAsync(conversation with { Owner = conversation.Other, Other = conversation.Owner }, 1, 12));
    }

    [Fact]
    public async Task A_conversation_is_saved_only_in_the_state_that_was_read()
    {
        var none = NewConversation();
        var one = await AddAsync(none, none.Owner, "first");
        var second = one.Next(one.Owner, "second", Now);
        Assert.False(await Stores.Mailbox.TrySaveAsync(none.UpTo(second), [second], null, default));
        var two = await AddAsync(one, one.Owner, "second");
        Assert.False(await Stores.Mailbox.TrySaveAsync(one.UpTo(second), [second], null, default));
        Assert.False(await Stores.Mailbox.TrySaveAsync(one.MarkRead(1, 0), [], null, default));
        Assert.True(await Stores.Mailbox.TrySaveAsync(two.MarkRead(1, 0), [], null, default));
        Assert.Equal(["first", "second"], (await ReadAsync(two, 1, 9)).Select(message => message.Body));
        Assert.Equal(two.MarkRead(1, 0) with { Version = null }, await FindAsync(two) with { Version = null });
    }

    [Fact]
    public async Task A_key_counts_once_and_finds_its_message()
    {
        var none = NewConversation();
        var key = MessageKey.Of(none.Owner, none.Other, "a key of mine");
        var message = none.Next(none.Owner, "hello", Now);
        Assert.Null(await Stores.Mailbox.FindMessageAsync(none, key, default));
        Assert.True(await Stores.Mailbox.TrySaveAsync(none.UpTo(message), [message], key, default));
        var one = await FindAsync(none);
        var again = one.Next(one.Owner, "hello again", Now);
        Assert.False(await Stores.Mailbox.TrySaveAsync(one.UpTo(again), [again], key, default));
        Assert.Equal(message, await Stores.Mailbox.FindMessageAsync(one, key, default));
        Assert.Equal(one, await FindAsync(none));
        Assert.Equal([message], await ReadAsync(one, 1, 9));
    }

    [Fact]
    public async Task A_full_transaction_of_messages_is_saved_as_one()
    {
        var conversation = NewConversation();
        var messages = new List<Message>();
        for (var changed = conversation; messages.Count < DeliverMessages.MaximumAtOnce; changed = changed.UpTo(messages[^1]))
            messages.Add(changed.Next(conversation.Other, new string('\'', 8192), Now));
        Assert.True(await Stores.Mailbox.TrySaveAsync(conversation.UpTo(messages[^1]), messages, null, default));
        Assert.Equal(messages, await ReadAsync(await FindAsync(conversation), 1, DeliverMessages.MaximumAtOnce));
        Assert.Equal(DeliverMessages.MaximumAtOnce, (await FindAsync(conversation)).Unread);
    }

    [Fact]
    public async Task The_conversations_of_a_user_are_listed_and_those_of_others_are_not()
    {
        var first = NewConversation();
        var second = NewConversation() with { Owner = first.Owner };
        await AddAsync(first, first.Owner, "to the first");
        await AddAsync(second, second.Other, "from the second");
        await AddAsync(first with { Owner = first.Other, Other = first.Owner }, first.Owner, "to the first");
        Assert.Equal(
            new[] { (first.Other, 0), (second.Other, 1) }.OrderBy(each => each.Other.ToString(), StringComparer.Ordinal),
            await Stores.Mailbox.ListConversationsAsync(first.Owner, default).Select(each => (each.Other, each.Unread)).ToListAsync());
        Assert.Empty(await Stores.Mailbox.ListConversationsAsync(second.Other, default).ToListAsync());
    }

    [Fact]
    public async Task Notices_are_added_with_what_they_tell_of_and_numbered_without_a_gap()
    {
        var user = UserId.New(Now);
        var (session, entry, epoch) = NewSession(user);
        await Stores.Epochs.TryOpenEpochAsync(NewAccount() with { Id = user, Epoch = epoch }, null, default);
        var opened = new Notice(NoticeKind.NewDevice, Now, session.Id, Service.Client);
        var version = await Stores.Sessions.TryOpenAsync(session, epoch, entry, [opened], null, default);
        var reuse = SessionEnding.Of(new(session, version!.Value), EndReason.TokenReuse, Now, Actor.Of(new ClientInfo("198.51.100.9", null, null)), Guid.NewGuid(), Serverless.Sessions.Tokens.MacKey.Create(Now));
        Assert.True(await Stores.Sessions.TryEndAsync([reuse], default));
        Assert.False(await Stores.Sessions.TryEndAsync([reuse], default));
        var notices = await Stores.Mailbox.ReadNoticesAsync(user, 0, 10, default);
        Assert.Equal([new(1, opened), new(2, new(NoticeKind.TokenReuse, Now, session.Id, new("198.51.100.9", null, null)))], notices);
        Assert.Equal(notices.Take(1), await Stores.Mailbox.ReadNoticesAsync(user, 0, 1, default));
        Assert.Equal(notices.Skip(1), await Stores.Mailbox.ReadNoticesAsync(user, 1, 10, default));
        Assert.Empty(await Stores.Mailbox.ReadNoticesAsync(user, 2, 10, default));
        Assert.Empty(await Stores.Mailbox.ReadNoticesAsync(UserId.New(Now), 0, 10, default));
    }

    [Fact]
    public async Task A_login_that_finds_its_epoch_closed_leaves_no_notice()
    {
        var (session, entry, epoch) = NewSession();
        Assert.Null(await Stores.Sessions.TryOpenAsync(session, epoch, entry, [new(NoticeKind.NewDevice, Now, session.Id, Service.Client)], null, default));
        Assert.Empty(await Stores.Mailbox.ReadNoticesAsync(session.UserId, 0, 10, default));
    }

    [Fact]
    public async Task Notices_at_the_same_time_all_get_a_number_of_their_own()
    {
        var user = UserId.New(Now);
        var epoch = Ulid.New(Now);
        await Stores.Epochs.TryOpenEpochAsync(NewAccount() with { Id = user, Epoch = epoch }, null, default);
        var sessions = Enumerable.Range(0, 8).Select(_ => NewSession(user)).ToList();
        var versions = await Task.WhenAll(sessions.Select(each => Stores.Sessions.TryOpenAsync(
            each.Session, epoch, each.Entry, [new(NoticeKind.NewDevice, Now, each.Session.Id, Service.Client)], null, default)));
        Assert.All(versions, version => Assert.NotNull(version));
        var notices = await Stores.Mailbox.ReadNoticesAsync(user, 0, 10, default);
        Assert.Equal(Enumerable.Range(1, 8), notices.Select(each => each.Number));
        Assert.Equal(sessions.Select(each => each.Session.Id.ToString()).Order(), notices.Select(each => each.Notice.SessionId.ToString()).Order());
    }

    [Fact]
    public async Task A_user_was_last_seen_where_any_session_was_and_never_where_none_is_left()
    {
        var user = UserId.New(Now);
        Assert.Null(await Stores.Presence.FindLastSeenAsync(user, default));
        var (older, _) = await OpenAsync(user);
        var (newer, version) = await OpenAsync(user);
        Assert.Equal(new(Now, Now), await Stores.Presence.FindLastSeenAsync(user, default));
        await Stores.Presence.TryRecordAsync(user, newer.Id, Now.AddSeconds(5), isActive: false, default);
        Assert.Equal(new(Now.AddSeconds(5), Now), await Stores.Presence.FindLastSeenAsync(user, default));
        await Stores.Presence.TryRecordAsync(user, newer.Id, Now.AddSeconds(6), isActive: true, default);
        Assert.Equal(new(Now.AddSeconds(6), Now.AddSeconds(6)), await Stores.Presence.FindLastSeenAsync(user, default));
        await Stores.Sessions.TryRemoveAsync(new(newer, version), null, default);
        Assert.Equal(new(older.CreatedAt, older.CreatedAt), await Stores.Presence.FindLastSeenAsync(user, default));
    }

    private static Conversation NewConversation() => new(UserId.New(Now), UserId.New(Now));

    private Task<Conversation> FindAsync(Conversation conversation) =>
        Stores.Mailbox.FindConversationAsync(conversation.Owner, conversation.Other, default);

    private Task<IReadOnlyList<Message>> ReadAsync(Conversation conversation, int first, int last, int limit = 1000) =>
        Stores.Mailbox.ReadMessagesAsync(conversation, first, last, limit, default);

    private async Task<Conversation> AddAsync(Conversation conversation, UserId from, string body)
    {
        var message = conversation.Next(from, body, Now);
        Assert.True(await Stores.Mailbox.TrySaveAsync(conversation.UpTo(message), [message], null, default));
        return await FindAsync(conversation);
    }
}
