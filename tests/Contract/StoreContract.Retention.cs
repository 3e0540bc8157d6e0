namespace Serverless.Testing;

public abstract partial class StoreContract
{
    // Older than what any other test leaves.
    private static readonly DateTimeOffset LongAgo = new(1026, 3, 14, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_log_falls_due_when_its_hour_is_over_and_until_it_is_removed()
    {
        LogOwner[] owners = [LogOwner.Of(UserId.New(Now)), LogOwner.Of(Service.NewEmail().ToAccountKey())];
        LogDue[] due = [.. owners.Select(owner => new LogDue(owner, LongAgo.AddMinutes(12)))];
        await Stores.Retention.ScheduleAsync([], default);
        await Stores.Retention.ScheduleAsync(due, default);
        await Stores.Retention.ScheduleAsync([due[0], due[0]], default);
        Assert.Empty(await ReadAsync(Stores.Retention.ReadDueLogsAsync(LongAgo.AddMinutes(59), default)));

        var batches = await ReadAsync(Stores.Retention.ReadDueLogsAsync(LongAgo.AddHours(1), default));
        Assert.Equal(owners.ToHashSet(), batches.SelectMany(batch => batch.Owners).ToHashSet());
        Assert.Equal(2, batches.Sum(batch => batch.Rows.Count));
        Assert.All(batches, batch => Assert.Equal(LongAgo, batch.Hour));

        await Stores.Retention.ScheduleAsync([new(owners[0], LongAgo.AddHours(1))], default);
        await RemoveTwiceAsync(batches);
        Assert.Empty(await ReadAsync(Stores.Retention.ReadDueLogsAsync(LongAgo.AddHours(1), default)));
        var again = await ReadAsync(Stores.Retention.ReadDueLogsAsync(LongAgo.AddHours(2), default));
        Assert.Equal(owners[0], Assert.Single(Assert.Single(again).Owners));
        await RemoveTwiceAsync(again);
    }

    [Fact]
    public async Task A_thousand_logs_of_one_hour_fall_due_in_batches_of_at_most_a_hundred()
    {
        var owners = Enumerable.Range(0, 1_000).Select(_ => LogOwner.Of(UserId.New(Now))).ToHashSet();
        await Stores.Retention.ScheduleAsync([.. owners.Select(owner => new LogDue(owner, LongAgo))], default);
        var batches = await ReadAsync(Stores.Retention.ReadDueLogsAsync(LongAgo.AddHours(1), default));
        Assert.All(batches, batch => Assert.InRange(batch.Rows.Count, 1, 100));
        Assert.Equal(owners, batches.SelectMany(batch => batch.Owners).ToHashSet());
        await RemoveTwiceAsync(batches);
    }

    [Fact]
    public async Task Past_activity_names_the_owners_of_logs_and_goes()
    {
        var (user, key) = (UserId.New(Now), Service.NewEmail().ToAccountKey());
        var failed = new Activity(ActivityKind.FailedLogin, LongAgo, "203.0.113.7") { AccountKey = key };
        Activity[] activities =
        [
            failed,
            failed with { Id = Guid.NewGuid(), At = LongAgo.AddMinutes(59.9), UserId = user },
            failed with { Id = Guid.NewGuid(), AccountKey = null },
            failed with { Id = Guid.NewGuid(), At = LongAgo.AddHours(1) },
        ];
        foreach (var activity in activities)
            await Stores.Timeline.RecordAsync(activity, default);
        Assert.Empty(await ReadAsync(Stores.Retention.ReadActivityAsync(LongAgo, default)));

        var past = await ReadAsync(Stores.Retention.ReadActivityAsync(LongAgo.AddHours(1), default));
        Assert.Equal(3, past.Sum(batch => batch.Rows.Count));
        Assert.Equal(new[] { LogOwner.Of(key), LogOwner.Of(user) }.ToHashSet(), past.SelectMany(batch => batch.Owners).ToHashSet());
        Assert.All(past, batch => Assert.Equal(LongAgo, batch.Hour));
        await RemoveTwiceAsync(past);
        Assert.Equal(activities[3..], await ActivityAsync(LongAgo, LongAgo.AddHours(2)));
        await RemoveTwiceAsync(await ReadAsync(Stores.Retention.ReadActivityAsync(LongAgo.AddHours(2), default)));
    }

    [Fact]
    public async Task Past_revocations_go()
    {
        var (session, other) = (SessionId.New(), SessionId.New());
        await Stores.Timeline.RevokeAsync(session, LongAgo.AddMinutes(30), default);
        await Stores.Timeline.RevokeAsync(other, LongAgo.AddMinutes(90), default);
        var past = await ReadAsync(Stores.Retention.ReadRevocationsAsync(LongAgo.AddHours(1), default));
        Assert.Empty(Assert.Single(past).Owners);
        await RemoveTwiceAsync(past);
        var left = await Stores.Timeline.ReadRevocationsAsync(LongAgo, LongAgo.AddHours(2), default);
        Assert.Equal(new(other, LongAgo.AddMinutes(90)), Assert.Single(left));
        await RemoveTwiceAsync(await ReadAsync(Stores.Retention.ReadRevocationsAsync(LongAgo.AddHours(2), default)));
    }

    [Fact]
    public async Task The_statistics_of_days_before_one_go()
    {
        var first = DateOnly.FromDateTime(LongAgo.UtcDateTime);
        foreach (var day in Enumerable.Range(0, 3).Select(first.AddDays))
            Assert.True(await Stores.Statistics.TrySaveAsync(new(day, LongAgo), null, default));
        Assert.Equal(2, await Stores.Retention.RemoveStatisticsAsync(first.AddDays(2), default));
        Assert.Equal(first.AddDays(2), Assert.Single(await StatisticsAsync(first, first.AddDays(9))).Day);
        Assert.Equal(1, await Stores.Retention.RemoveStatisticsAsync(first.AddDays(3), default));
    }

    [Fact]
    public async Task The_old_part_of_a_log_is_what_was_written_before_a_time()
    {
        var owner = LogOwner.Of(UserId.New(Now));
        Assert.Equal(new(null, false, true), await Stores.Retention.ReadRemainingAsync(owner, default, default));
        var entries = Enumerable.Range(0, 5).Select(i => new LogEntry(LogAction.Login, Now.AddTicks(i))).ToList();
        foreach (var entry in entries)
            await Stores.Log.AppendAsync(owner, entry, default);

        var old = await Stores.Retention.ReadOldLogAsync(owner, Now.AddTicks(3), default);
        Assert.Equal(entries[..3], old.Entries.Select(each => each.Entry).OrderBy(entry => entry.At));
        Assert.All(old.Entries, each => Assert.Equal(each.Entry.At, each.At));
        Assert.Empty(old.Cuts);
        Assert.Equal(new(Now, false, true), await Stores.Retention.ReadRemainingAsync(owner, Now, default));
        Assert.Equal(new(Now.AddTicks(2), false, true), await Stores.Retention.ReadRemainingAsync(owner, Now.AddTicks(2), default));
        Assert.Equal(new(null, false, true), await Stores.Retention.ReadRemainingAsync(owner, Now.AddTicks(5), default));

        Assert.True(await Stores.Retention.TryTrimAsync(owner, new([.. old.Entries.Select(each => each.Row)], [], []), default));
        Assert.False(await Stores.Retention.TryTrimAsync(owner, new([.. old.Entries.Select(each => each.Row)], [], []), default));
        Assert.Equal(new(Now.AddTicks(3), false, true), await Stores.Retention.ReadRemainingAsync(owner, default, default));
    }

    [Fact]
    public async Task A_cut_mark_goes_with_its_entries_or_not_at_all_and_is_no_part_of_the_log()
    {
        var (session, version) = await OpenAsync();
        var owner = LogOwner.Of(session.UserId);
        await Stores.Sessions.TryPropagateRolesAsync(session, version, EntryFor(session, LogAction.RolesChanged), default);
        var cut = new AuditCheckpoint(session.Id, AnyHead(1), KeyId.New(), AnyHead(9).Code);
        var old = await Stores.Retention.ReadOldLogAsync(owner, Now, default);
        var row = Assert.Single(old.Entries).Row;
        Assert.False(await Stores.Retention.TryTrimAsync(owner, new([row], [], [session.Id]), default));
        Assert.True(await Stores.Retention.TryTrimAsync(owner, new([row], [cut], []), default));
        Assert.False(await Stores.Retention.TryTrimAsync(owner, new([row], [cut with { Head = default }], []), default));

        var log = await Stores.Log.ReadOfAsync(session.UserId, session.Id, default);
        Assert.Equal((LogAction.RolesChanged, cut), (Assert.Single(log.Entries).Action, log.Cut));
        Assert.Null((await Stores.Log.ReadOfAsync(session.UserId, SessionId.New(), default)).Cut);
        Assert.Single(await LogOfAsync(session));
        Assert.Equal(cut, Assert.Single((await Stores.Retention.ReadOldLogAsync(owner, Now, default)).Cuts));
        Assert.Single(await Stores.Sessions.ListAsync(session.UserId, default));

        old = await Stores.Retention.ReadOldLogAsync(owner, Now.AddTicks(1), default);
        Assert.True(await Stores.Retention.TryTrimAsync(owner, new([Assert.Single(old.Entries).Row], [], [session.Id]), default));
        Assert.Null((await Stores.Log.ReadOfAsync(session.UserId, session.Id, default)).Cut);
        Assert.Equal(new(null, true, true), await Stores.Retention.ReadRemainingAsync(owner, default, default));
    }

    [Fact]
    public async Task A_copy_of_a_conversation_is_filed_beside_logs_and_falls_due_like_them()
    {
        var (owner, copy) = (LogOwner.Of(UserId.New(Now)), new ConversationCopy(UserId.New(Now), UserId.New(Now)));
        await Stores.Retention.ScheduleAsync(copy, LongAgo.AddMinutes(12), default);
        await Stores.Retention.ScheduleAsync(copy, LongAgo.AddMinutes(50), default);
        await Stores.Retention.ScheduleAsync([new(owner, LongAgo), new(LogOwner.Of(copy.Owner), LongAgo)], default);
        Assert.Empty(await ReadAsync(Stores.Retention.ReadDueLogsAsync(LongAgo.AddMinutes(59), default)));
        var batches = await ReadAsync(Stores.Retention.ReadDueLogsAsync(LongAgo.AddHours(1), default));
        Assert.Equal(copy, Assert.Single(batches.SelectMany(batch => batch.Copies)));
        Assert.Equal(new[] { owner, LogOwner.Of(copy.Owner) }.ToHashSet(), batches.SelectMany(batch => batch.Owners).ToHashSet());
        await RemoveTwiceAsync(batches);
        Assert.Empty(await ReadAsync(Stores.Retention.ReadDueLogsAsync(LongAgo.AddHours(1), default)));
    }

    [Fact]
    public async Task The_oldest_messages_of_a_copy_go_with_their_keys_all_or_none()
    {
        var none = NewConversation();
        var (conversation, copy) = (none, new ConversationCopy(none.Owner, none.Other));
        Assert.Empty(await Stores.Retention.ReadOldestMessagesAsync(copy, 9, default));
        for (var i = 0; i < 4; i++)
        {
            var message = conversation.Next(none.Owner, $"{i}", Now.AddTicks(i));
            // One without a key, as in the other copy.
            Assert.True(await Stores.Mailbox.TrySaveAsync(conversation.UpTo(message), [message], i == 1 ? null : KeyOf(i), default));
            conversation = await FindAsync(none);
        }

        var oldest = await Stores.Retention.ReadOldestMessagesAsync(copy, 3, default);
        Assert.Equal([Now, Now.AddTicks(1), Now.AddTicks(2)], oldest.Select(mail => mail.At));
        Assert.Null(oldest[1].Key);
        Assert.True(await Stores.Retention.TryRemoveAsync(none.Owner, [.. oldest.Take(2)], null, default));
        Assert.False(await Stores.Retention.TryRemoveAsync(none.Owner, oldest, null, default));
        Assert.Equal([3, 4], (await ReadAsync(conversation, 1, 9)).Select(message => message.Number));
        Assert.Null(await Stores.Mailbox.FindMessageAsync(conversation, KeyOf(0), default));
        Assert.NotNull(await Stores.Mailbox.FindMessageAsync(conversation, KeyOf(2), default));
        Assert.Equal(conversation, await FindAsync(none));
        var again = conversation.Next(none.Owner, "0", Now);
        Assert.True(await Stores.Mailbox.TrySaveAsync(conversation.UpTo(again), [again], KeyOf(0), default));

        MessageKey KeyOf(int i) => MessageKey.Of(none.Owner, none.Other, $"a key of mine {i}");
    }

    [Fact]
    public async Task The_last_messages_of_a_copy_go_together_with_what_its_row_says_of_them_and_only_where_it_stayed_as_it_was()
    {
        var one = NewConversation();
        one = await AddAsync(one, one.Other, "unread");
        var last = await Stores.Retention.ReadOldestMessagesAsync(new(one.Owner, one.Other), 9, default);
        Assert.Equal((1, true), (Assert.Single(last).Number, one.RetentionScheduled));
        var two = await AddAsync(one, one.Other, "meanwhile");
        Assert.False(await Stores.Retention.TryRemoveAsync(one.Owner, last, one.WithoutMessages(), default));
        Assert.Equal([1, 2], (await ReadAsync(two, 1, 9)).Select(message => message.Number));
        Assert.Equal(two, await FindAsync(two));

        last = await Stores.Retention.ReadOldestMessagesAsync(new(one.Owner, one.Other), 9, default);
        Assert.True(await Stores.Retention.TryRemoveAsync(one.Owner, last, two.WithoutMessages(), default));
        Assert.Empty(await ReadAsync(two, 1, 9));
        var none = await FindAsync(two);
        Assert.Equal((2, 0, false), (none.Last, none.Unread, none.RetentionScheduled));
        Assert.Empty(await Stores.Mailbox.ListConversationsAsync(one.Owner, default).ToListAsync());
        var again = await AddAsync(none, one.Other, "again");
        Assert.Equal((3, 1, true), (again.Last, again.Unread, again.RetentionScheduled));
        Assert.Equal(again, Assert.Single(await Stores.Mailbox.ListConversationsAsync(one.Owner, default).ToListAsync()));
        Assert.False(await Stores.Mailbox.TrySaveAsync(two.MarkRead(2, 2), [], null, default));
    }

    [Fact]
    public async Task The_oldest_notices_of_a_user_go_and_numbers_go_on()
    {
        var user = UserId.New(Now);
        var account = NewAccount() with { Id = user };
        await Stores.Epochs.OpenFirstEpochAsync(account, default);
        for (var i = 0; i < 4; i++)
        {
            if (i == 3)
            {
                var oldest = await Stores.Retention.ReadOldestNoticesAsync(user, 2, default);
                Assert.Equal([Now, Now.AddTicks(1)], oldest.Select(mail => mail.At));
                Assert.True(await Stores.Retention.TryRemoveAsync(user, oldest, null, default));
                Assert.False(await Stores.Retention.TryRemoveAsync(user, oldest, null, default));
            }

            var (session, entry, _) = NewSession(user);
            await Stores.Sessions.TryOpenAsync(session, account.Epoch, entry, [new(NoticeKind.NewDevice, Now.AddTicks(i), session.Id, Service.Client)], null, default);
        }

        Assert.Equal([3, 4], (await Stores.Mailbox.ReadNoticesAsync(user, 0, 9, default)).Select(stored => stored.Number));
    }

    private static async Task<List<ExpiredBatch>> ReadAsync(IAsyncEnumerable<ExpiredBatch> batches) => await batches.ToListAsync();

    private async Task RemoveTwiceAsync(List<ExpiredBatch> batches)
    {
        foreach (var batch in batches.Concat(batches))
            await Stores.Retention.RemoveAsync(batch, default);
    }
}
