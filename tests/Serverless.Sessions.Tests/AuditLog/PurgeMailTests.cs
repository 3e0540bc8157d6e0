namespace Serverless.Sessions.Tests.AuditLog;

public sealed class PurgeMailTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 3, 14, 9, 26, 53, 589, TimeSpan.Zero);

    private readonly RetentionOptions _options = new() { LogLifetime = TimeSpan.FromDays(5), ActivityLifetime = TimeSpan.FromDays(3), MailboxLifetime = TimeSpan.FromDays(5) };
    private readonly RetentionBench _bench;
    private readonly List<Account> _users = [];
    private readonly Dictionary<(ConversationCopy Copy, int Number), Message> _everything = [];

    public PurgeMailTests() => _bench = new(_options);

    private IMailboxStore Mailbox => _bench.Stores.Mailbox;

    private IEnumerable<ConversationCopy> Copies =>
        from owner in _users from other in _users where owner != other select new ConversationCopy(owner.Id, other.Id);

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Both_copies_of_a_message_and_its_key_go_when_its_hour_is_over_for_as_long_as_messages_are_kept()
    {
        await NewUsersAsync(2);
        await SendAsync("hello");
        _bench.Clock.Advance(TimeSpan.FromHours(2));
        await SendAsync("hello?");
        Assert.Equal(0, (await _bench.RunAtAsync(new(2026, 3, 19, 9, 59, 59, TimeSpan.Zero))).Messages);
        Assert.Equal(2, (await _bench.RunAtAsync(new(2026, 3, 19, 10, 0, 0, TimeSpan.Zero))).Messages);
        foreach (var copy in Copies)
            Assert.Equal([2], (await MessagesOfAsync(copy)).Select(message => message.Number));

        // Its key is free again, and numbers go on.
        Assert.Equal(3, (await SendAsync("hello")).Number);
        Assert.Equal(4, (await _bench.RunAfterAsync(TimeSpan.FromDays(6))).Messages);
        Assert.Empty(await _bench.Stores.Retention.ReadDueLogsAsync(Start.AddYears(1), default).SelectMany(batch => batch.Copies.ToAsyncEnumerable()).ToListAsync());
        Assert.Equal(4, (await SendAsync("is anybody there?")).Number);
        Assert.Equal(2, (await _bench.RunAfterAsync(TimeSpan.FromDays(6))).Messages);
    }

    [Fact]
    public async Task A_kill_at_any_step_changes_nothing_of_the_outcome()
    {
        var steps = await Killer.AtEachStepAsync(async dieAt =>
        {
            using var test = new PurgeMailTests();
            await test.NewUsersAsync(2);
            await test.LoginFromNewDeviceAsync(test._users[0]);
            await test.LoginFromNewDeviceAsync(test._users[0]);
            for (var i = 0; i < 60; i++)
                await test.SendAsync($"{i}");
            test._bench.Clock.Advance(TimeSpan.FromDays(2));
            await test.SendAsync("young");
            test._bench.Clock.Set(Start.AddDays(6));
            await test.RememberAsync();
            var died = await test._bench.RunAsync(dieAt) is null;
            Assert.NotNull(await test._bench.RunAsync());
            await test.AssertKeptAsync();
            Assert.Empty(await test.Mailbox.ReadNoticesAsync(test._users[0].Id, 0, 9, default));
            await test.AssertFiledAsync();
            return died;
        });
        Assert.InRange(steps, 30, 100);
    }

    [Fact]
    public Task A_message_behind_a_pause_goes_in_time_although_messages_are_kept_longer_by_then_and_wherever_the_purge_died() =>
        Killer.AtEachStepAsync(async dieAt =>
        {
            using var test = new PurgeMailTests();
            await test.NewUsersAsync(2);
            await test.SendAsync("before the pause");
            test._bench.Clock.Advance(TimeSpan.FromDays(6));
            var died = await test._bench.RunAsync(dieAt) is null;
            Assert.NotNull(await test._bench.RunAsync());
            test._options.MailboxLifetime = TimeSpan.FromDays(10);
            test._bench.Clock.Advance(TimeSpan.FromDays(1));
            await test.SendAsync("behind the pause");
            await test.AssertFiledAsync();
            Assert.Equal(2, (await test._bench.RunAfterAsync(TimeSpan.FromDays(11))).Messages);
            Assert.Empty(await test.MessagesOfAsync(test.Copies.First()));
            return died;
        });

    [Fact]
    public async Task A_copy_that_a_restore_has_lost_the_place_of_is_filed_again_behind_a_pause()
    {
        await NewUsersAsync(2);
        await SendAsync("before the restore");
        var retention = _bench.Stores.Retention;
        await foreach (var batch in retention.ReadDueLogsAsync(_bench.Clock.GetUtcNow().AddDays(99), default))
            await retention.RemoveAsync(batch, default);
        _bench.Clock.Advance(TimeSpan.FromDays(6));
        await SendAsync("behind the pause");
        Assert.Equal(4, (await _bench.RunAfterAsync(TimeSpan.FromDays(6))).Messages);
    }

    [Fact]
    public async Task A_message_that_is_sent_while_the_last_one_goes_stays_for_its_time_and_goes_then()
    {
        for (var sendAt = 1; ; sendAt++)
        {
            using var test = new PurgeMailTests();
            await test.NewUsersAsync(2);
            await test.SendAsync("due");
            test._bench.Clock.Advance(TimeSpan.FromDays(6));
            var (calls, sent) = (0, false);
            await test._bench.RunAsync(before: _ =>
            {
                if (Interlocked.Increment(ref calls) == sendAt)
                    sent = Task.Run(() => test.SendAsync("meanwhile")).GetAwaiter().GetResult().Number == 2;
            });
            if (!sent)
            {
                Assert.InRange(sendAt, 10, 40);
                return;
            }

            await test.AssertFiledAsync();
            foreach (var copy in test.Copies)
            {
                Assert.Equal([2], (await test.MessagesOfAsync(copy)).Select(message => message.Number));
                Assert.True((await test.Mailbox.FindConversationAsync(copy.Owner, copy.Other, default)).RetentionScheduled);
            }

            Assert.Equal(2, (await test._bench.RunAfterAsync(TimeSpan.FromDays(6))).Messages);
        }
    }

    [Fact]
    public async Task What_is_left_of_generated_mail_equals_a_brute_force_filter_however_often_senders_and_the_timer_were_killed()
    {
        var random = new Random();
        await NewUsersAsync(3);
        var notices = new Dictionary<(UserId User, int Number), Notice>();
        var (runs, kills, messages, told) = (0, 0, 0, 0);
        for (var hour = 0; hour < 24 * 60; hour++)
        {
            _bench.Clock.Advance(TimeSpan.FromMinutes(random.Next(40, 80)));
            // Seldom, so that conversations pause for longer than their messages are kept.
            for (var acts = random.Next(25) == 0 ? random.Next(1, 6) : 0; acts > 0; acts--)
                await ActAsync(random);
            if (random.Next(50) == 0)
                await LoginFromNewDeviceAsync(_users[random.Next(_users.Count)]);
            await RememberAsync();
            await AssertFiledAsync();
            foreach (var user in _users)
            {
                foreach (var stored in await Mailbox.ReadNoticesAsync(user.Id, 0, 1000, default))
                    notices[(user.Id, stored.Number)] = stored.Notice;
            }

            if (random.Next(4) == 0)
                continue;
            var report = await _bench.RunAsync(dieAt: random.Next(2) == 0 ? random.Next(20) : null);
            if (report is null)
            {
                kills++;
                continue;
            }

            (runs, messages, told) = (runs + 1, messages + report.Messages, told + report.Notices);
            await AssertKeptAsync();
            foreach (var user in _users)
            {
                Assert.Equal(
                    notices.Where(each => each.Key.User == user.Id && each.Value.At >= Before()).Select(each => each.Key.Number).Order(),
                    (await Mailbox.ReadNoticesAsync(user.Id, 0, 1000, default)).Select(stored => stored.Number));
            }
        }

        Assert.True(kills > 100 && runs > 100 && messages > 100 && told > 5, $"{runs} runs, {kills} kills, {messages} messages and {told} notices removed.");
    }

    private DateTimeOffset Before() => _bench.Clock.GetUtcNow().StartOfHour() - _options.MailboxLifetime;

    private async Task NewUsersAsync(int count)
    {
        while (_users.Count < count)
            _users.Add(await _bench.CreateAccountAsync());
    }

    private async Task LoginFromNewDeviceAsync(Account user) => await _bench.Service.LoginAsync(
        user.Email, client: Service.Client with { Device = $"{Guid.NewGuid():N}" });

    private async Task<Message> SendAsync(string body) =>
        Assert.IsType<SendMessageResult.Sent>(await _bench.Service.SendMessage.ExecuteAsync(
            _users[0].Id, _users[1].Id, body, $"the key of {body}", default)).Message;

    // One sends, and may die at any of its calls; now and then somebody opens a conversation.
    private async Task ActAsync(Random random)
    {
        var copy = Copies.ElementAt(random.Next(6));
        var killer = new Killer(random.Next(2) == 0 ? random.Next(12) : null);
        var stores = _bench.Stores with { Mailbox = killer.Around(Mailbox), Retention = killer.Around(_bench.Stores.Retention) };
        using var service = new Service(stores, _bench.Clock, retentionOptions: _options);
        if (random.Next(6) == 0)
            await Killer.RunAsync(() => service.ReadConversation.OpenAsync(copy.Owner, copy.Other, 100, default));
        else
            await Killer.RunAsync(() =>
                service.SendMessage.ExecuteAsync(copy.Owner, copy.Other, "hello", $"{Guid.NewGuid()}", default));
    }

    private async Task<IReadOnlyList<Message>> MessagesOfAsync(ConversationCopy copy) =>
        await Mailbox.ReadMessagesAsync(new(copy.Owner, copy.Other), 0, int.MaxValue, 1000, default);

    private async Task RememberAsync()
    {
        foreach (var copy in Copies)
        {
            foreach (var message in await MessagesOfAsync(copy))
                _everything[(copy, message.Number)] = message;
        }
    }

    private async Task AssertFiledAsync()
    {
        var filed = await _bench.Stores.Retention.ReadDueLogsAsync(Start.AddYears(1), default)
            .SelectMany(batch => batch.Copies.Select(copy => (copy, batch.Hour)).ToAsyncEnumerable()).ToLookupAsync(each => each.copy, each => each.Hour);
        foreach (var copy in Copies)
        {
            // What was brought over late may be inspected a day late.
            if (await MessagesOfAsync(copy) is [var oldest, ..])
                Assert.Contains(filed[copy], hour => hour <= oldest.SentAt + _options.MailboxLifetime + TimeSpan.FromDays(1) || hour <= _bench.Clock.GetUtcNow().AddDays(1));
        }
    }

    private async Task AssertKeptAsync()
    {
        await _bench.AssertKeptAsync();
        foreach (var copy in Copies)
        {
            var left = await MessagesOfAsync(copy);
            var expected = _everything.Where(each => each.Key.Copy == copy && each.Value.SentAt >= Before()).Select(each => each.Key.Number).Order();
            Assert.Equal(expected, left.Where(message => message.SentAt >= Before()).Select(message => message.Number));
            // Brought over from the other copy on its last day, or hours later where no run had come to its end since.
            Assert.All(left, message => Assert.True(message.SentAt >= Before().AddDays(-2)));
        }
    }
}
