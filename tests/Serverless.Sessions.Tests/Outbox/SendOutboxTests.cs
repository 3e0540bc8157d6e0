namespace Serverless.Sessions.Tests.Outbox;

public sealed class SendOutboxTests
{
    private readonly Stores _stores = InMemoryStores.Create();
    private readonly FakeClock _clock = new();
    private readonly Postbox _mail = new();

    [Theory]
    [InlineData(1, 0, 0.8)]
    [InlineData(1, 1, 1.2)]
    [InlineData(4, 0.5, 27)]
    [InlineData(8, 0.5, 1440)]
    [InlineData(20, 0.5, 1440)]
    public void A_pause_is_three_times_the_one_before_up_to_a_day_and_a_fifth_is_chance(int attempt, double chance, double minutes) =>
        Assert.Equal(minutes, SendOutbox.WaitAfter(attempt, chance).TotalMinutes, 6);

    [Fact]
    public async Task A_message_whose_intent_comes_late_is_sent_and_one_without_is_dropped_after_ten_minutes()
    {
        var late = await ScheduleAsync(withIntent: false);
        var never = await ScheduleAsync(withIntent: false);
        Assert.Equal(new(), await RunAsync(after: TimeSpan.FromMinutes(10)));
        _mail.Intents.Add(late.Id);
        Assert.Equal(new(Sent: 1), await RunAsync());
        Assert.Equal([never], await AllDueAsync());
        Assert.Equal(new(), await RunAsync(after: TimeSpan.FromTicks(1)));
        Assert.Empty(await AllDueAsync());
    }

    [Fact]
    public async Task One_that_expired_is_ended_and_neither_sent_nor_counted()
    {
        _mail.MaximumPerHour = 1;
        _mail.ExpiresAt = _clock.GetUtcNow().AddMinutes(1);
        var expired = await ScheduleAsync();
        Assert.Equal(new(GivenUp: 1), await RunAsync(after: TimeSpan.FromMinutes(1)));
        Assert.Empty(_mail.Sent);
        Assert.Equal([(expired.Id, "it expired")], _mail.Dead);

        _mail.ExpiresAt = DateTimeOffset.MaxValue;
        await ScheduleAsync();
        Assert.Equal(new(Sent: 1), await RunAsync(after: TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public async Task Past_the_limit_messages_wait_for_the_next_hour_and_that_is_raised_once_an_hour()
    {
        _clock.Set(new(2026, 3, 14, 9, 10, 0, TimeSpan.Zero));
        _mail.MaximumPerHour = 2;
        _mail.Outcome = SendOutcome.Failed;
        for (var i = 0; i < 5; i++)
            await ScheduleAsync();
        Assert.Equal(new(Failed: 2, Postponed: 3), await RunAsync(after: TimeSpan.FromMinutes(1)));
        Assert.All(await AllDueAsync(), due => Assert.Equal(new(2026, 3, 14, 9, 10, 0, TimeSpan.Zero), due.PromisedAt));
        // A retry isn't counted.
        _mail.Outcome = SendOutcome.Sent;
        Assert.Equal(new(Sent: 2), await RunAsync(after: TimeSpan.FromMinutes(2)));
        await ScheduleAsync();
        Assert.Equal(new(Postponed: 1), await RunAsync(after: TimeSpan.FromMinutes(1)));
        Assert.Equal(new(), await RunAsync(after: TimeSpan.FromMinutes(40)));

        _clock.Set(new(2026, 3, 14, 10, 1, 0, TimeSpan.Zero));
        Assert.Equal(new(Sent: 2, Postponed: 2), await RunAsync());
        Assert.Equal(new(Sent: 2), await RunAsync(after: TimeSpan.FromHours(1)));
        Assert.Equal(6, _mail.Sent.Distinct().Count());
        Assert.Equal([10, 9], await LimitsAsync());
    }

    [Fact]
    public async Task A_kill_at_any_call_past_the_limit_loses_no_message_and_sends_none_twice()
    {
        _mail.MaximumPerHour = 0;
        var steps = await Killer.AtEachStepAsync(async dieAt =>
        {
            _mail.Sent.Clear();
            _clock.Set(_clock.GetUtcNow().AddDays(1));
            await ScheduleAsync();
            var killer = new Killer(dieAt);
            _clock.Advance(TimeSpan.FromMinutes(1));
            var died = await Killer.RunAsync(() => NewOutbox(
                killer.Around(_stores.Outbox), killer.Around(_stores.SecurityEvents)).ExecuteAsync(default)) is null;
            await RunAsync(after: TimeSpan.FromMinutes(1));

            _clock.Advance(TimeSpan.FromHours(1));
            _mail.MaximumPerHour = 1;
            for (var i = 0; i < 3; i++)
                await RunAsync(after: TimeSpan.FromMinutes(1));
            _mail.MaximumPerHour = 0;

            Assert.Single(_mail.Sent);
            Assert.Empty(await AllDueAsync());
            return died;
        });
        // To read, the claim, the event, the next hour's row and the removal. Before and after each.
        Assert.Equal(2 * 5, steps);
        Assert.Equal(steps + 1, (await LimitsAsync()).Count);
    }

    [Fact]
    public async Task A_run_out_of_time_leaves_the_rest_to_the_next_one()
    {
        for (var i = 0; i < 3; i++)
            await ScheduleAsync();
        _mail.Sending = () => _clock.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal(new(Sent: 2, Finished: false), await RunAsync(after: TimeSpan.FromMinutes(1)));
        Assert.Equal(new(Sent: 1), await RunAsync());
    }

    [Fact]
    public async Task A_channel_whose_receiver_is_down_stops_no_other()
    {
        for (var i = 0; i < 5; i++)
            await ScheduleAsync();
        _clock.Advance(TimeSpan.FromSeconds(1));
        var receiver = new Receiver();
        using var service = new Service(_stores, _clock, webhook: receiver);
        await service.RaiseEvent.ExecuteAsync(new(Guid.NewGuid(), SecurityEventKind.TokenReuse, _clock.GetUtcNow(), "unknown"), default);
        _mail.Outcome = SendOutcome.Away;
        _clock.Advance(TimeSpan.FromMinutes(1));
        var report = await NewOutbox(others: new WebhookChannel(_stores.SecurityEvents, receiver)).ExecuteAsync(default);
        Assert.Equal(new(Sent: 1, Failed: 3), report);
    }

    [Fact]
    public async Task Messages_of_a_channel_that_is_not_set_up_wait_for_it_for_a_week()
    {
        await ScheduleAsync();
        var mute = new SendOutbox(
            _stores.Outbox, [], NewRaise(_stores.SecurityEvents), _stores.Unreadable, _clock, NullLogger<SendOutbox>.Instance);
        for (var day = 0; day < 6; day++)
        {
            _clock.Advance(TimeSpan.FromDays(1) + TimeSpan.FromMinutes(1));
            await mute.ExecuteAsync(default);
        }

        Assert.Equal(new(Sent: 1), await RunAsync(after: TimeSpan.FromDays(1)));

        await ScheduleAsync();
        _clock.Advance(TimeSpan.FromDays(8));
        await mute.ExecuteAsync(default);
        Assert.Empty(await AllDueAsync());
    }

    [Fact]
    public async Task One_whose_intent_cannot_be_read_holds_up_no_other_and_is_tried_again_a_day_later()
    {
        var broken = await ScheduleAsync();
        await ScheduleAsync();
        _mail.Unreadable = broken.Id;
        Assert.Equal(new(Sent: 1), await RunAsync(after: TimeSpan.FromMinutes(1)));
        _mail.Unreadable = null;
        Assert.Equal(new(), await RunAsync(after: TimeSpan.FromHours(23)));
        Assert.Equal(new(Sent: 1), await RunAsync(after: TimeSpan.FromHours(1)));
    }

    [Theory]
    [InlineData(SendOutcome.Sent, false)]
    [InlineData(SendOutcome.Refused, true)]
    public async Task One_that_needs_an_unreadable_row_to_be_sent_or_ended_holds_up_no_other_and_is_tried_again_a_day_later(
        SendOutcome outcome, bool atEnd)
    {
        await ScheduleAsync();
        await ScheduleAsync();
        var broken = 2;
        Action fail = () =>
        {
            if (--broken >= 0)
                throw new StorageUnavailableException("one row") { IsOneRow = true };
        };
        (_mail.Sending, _mail.Ending) = atEnd ? (_mail.Sending, fail) : (fail, _mail.Ending);
        _mail.Outcome = outcome;
        Assert.Equal(new(), await RunAsync(after: TimeSpan.FromMinutes(1)));
        Assert.Equal(new(), await RunAsync(after: TimeSpan.FromHours(23)));
        Assert.Equal(
            outcome == SendOutcome.Sent ? new(Sent: 2) : new OutboxReport(GivenUp: 2), await RunAsync(after: TimeSpan.FromHours(1)));
        Assert.Empty(await AllDueAsync());
    }

    [Fact]
    public async Task One_whose_sender_throws_has_failed_holds_up_no_other_and_is_given_up_in_the_end()
    {
        var due = await ScheduleAsync();
        _mail.Sending = () => throw new UriFormatException();
        Assert.Equal(new(Failed: 1), await RunAsync(after: TimeSpan.FromMinutes(1)));
        for (var i = 0; i < 9; i++)
            await RunAsync(after: TimeSpan.FromHours(30));
        Assert.Equal([(due.Id, nameof(UriFormatException))], _mail.Dead);
        Assert.Empty(await AllDueAsync());
    }

    [Fact]
    public async Task One_that_can_not_be_looked_up_holds_up_no_other_and_the_run_fails_at_its_end()
    {
        await ScheduleAsync();
        await ScheduleAsync();
        var looked = 0;
        _mail.Finding = () =>
        {
            if (looked++ == 0)
                throw new FormatException();
        };
        await Assert.ThrowsAsync<FormatException>(() => RunAsync(after: TimeSpan.FromMinutes(1)));
        Assert.Single(_mail.Sent);
        Assert.Equal(new(), await RunAsync(after: TimeSpan.FromHours(23)));
        Assert.Equal(new(Sent: 1), await RunAsync(after: TimeSpan.FromHours(1)));
    }

    [Fact]
    public async Task A_claim_that_took_too_long_leaves_the_message_to_the_next_attempt_and_a_slow_search_does_not()
    {
        await ScheduleAsync();
        var slow = Intercepted.Around(
            _stores.Outbox, before: Intercepted.At(nameof(IOutboxStore.TryClaimAsync), () => _clock.Advance(TimeSpan.FromSeconds(53))));
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(new(), await NewOutbox(slow).ExecuteAsync(default));
        Assert.Empty(_mail.Sent);

        _mail.Finding = () => _clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(new(Sent: 1), await RunAsync(after: TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public async Task A_receiver_that_does_not_answer_is_away()
    {
        var due = await ScheduleAsync();
        _mail.IsSilent = true;
        Assert.Equal((OutboxResult.Failed, true), await NewOutbox(clock: new ImpatientClock()).TryAsync(due, default));
    }

    [Fact]
    public async Task A_queue_that_is_full_leaves_the_rest_to_the_timer()
    {
        var queue = new OutboxQueue();
        var due = OutboxDue.New(Guid.NewGuid(), OutboxChannel.Mail, "a key", _clock.GetUtcNow());
        for (var i = 0; i < 1001; i++)
            queue.Post(due with { Attempts = i });
        using var enough = new CancellationTokenSource();
        List<int> read = [];
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var each in queue.ReadAllAsync(enough.Token))
            {
                read.Add(each.Attempts);
                if (read.Count == 1000)
                    await enough.CancelAsync();
            }
        });
        Assert.Equal(Enumerable.Range(0, 1000), read);
    }

    private Task<OutboxReport> RunAsync(TimeSpan after = default)
    {
        _clock.Advance(after);
        return NewOutbox().ExecuteAsync(default);
    }

    private SendOutbox NewOutbox(
        IOutboxStore? outbox = null, ISecurityEventStore? events = null, TimeProvider? clock = null, IOutboxChannel? others = null) => new(
        outbox ?? _stores.Outbox, others is null ? [_mail] : [_mail, others], NewRaise(events ?? _stores.SecurityEvents),
        _stores.Unreadable, clock ?? _clock, NullLogger<SendOutbox>.Instance);

    private RaiseSecurityEvent NewRaise(ISecurityEventStore events) =>
        new(events, _stores.Outbox, new(), _clock, NullLogger<RaiseSecurityEvent>.Instance);

    private async Task<OutboxDue> ScheduleAsync(bool withIntent = true)
    {
        var due = OutboxDue.New(Guid.NewGuid(), OutboxChannel.Mail, "a key", _clock.GetUtcNow());
        await _stores.Outbox.ScheduleAsync(due, default);
        if (withIntent)
            _mail.Intents.Add(due.Id);
        return due;
    }

    private ValueTask<List<OutboxDue>> AllDueAsync() =>
        _stores.Outbox.ReadDueAsync(_clock.GetUtcNow().AddDays(9), default).ToListAsync();

    /// <returns>The hours whose limit was raised, newest first.</returns>
    private ValueTask<List<int>> LimitsAsync() => _stores.SecurityEvents
        .ReadEventsAsync(DateTimeOffset.MinValue, DateTimeOffset.MaxValue, default)
        .Where(each => each.Kind == SecurityEventKind.MailLimitReached).Select(each => each.At.Hour).ToListAsync();

    /// <summary>A channel with its intents in memory.</summary>
    private sealed class Postbox : IOutboxChannel
    {
        public OutboxChannel Name => OutboxChannel.Mail;
        public int MaximumAttempts => 10;
        public int? MaximumPerHour { get; set; }
        public DateTimeOffset ExpiresAt { get; set; } = DateTimeOffset.MaxValue;
        public SendOutcome Outcome { get; set; } = SendOutcome.Sent;
        public Action Finding { get; set; } = () => { };
        public Action Sending { get; set; } = () => { };
        public Action Ending { get; set; } = () => { };
        public bool IsSilent { get; set; }
        public Guid? Unreadable { get; set; }
        public HashSet<Guid> Intents { get; } = [];
        public List<Guid> Sent { get; } = [];
        public List<(Guid Id, string Why)> Dead { get; } = [];

        public Task<IOutboxMessage?> FindAsync(OutboxDue due, CancellationToken cancellationToken)
        {
            Finding();
            return due.Id == Unreadable
                ? throw new StorageUnavailableException("one row") { IsOneRow = true }
                : Task.FromResult<IOutboxMessage?>(Intents.Contains(due.Id) ? new Message(this, due.Id) : null);
        }

        private sealed class Message(Postbox box, Guid id) : IOutboxMessage
        {
            public DateTimeOffset ExpiresAt => box.ExpiresAt;

            public async Task<SendAnswer> SendAsync(CancellationToken cancellationToken)
            {
                if (box.IsSilent)
                    await Task.Delay(Timeout.Infinite, cancellationToken);
                box.Sending();
                box.Sent.Add(id);
                return new(box.Outcome, "so");
            }

            public Task EndAsync(SendAnswer? failure, CancellationToken cancellationToken)
            {
                box.Ending();
                box.Intents.Remove(id);
                if (failure is not null)
                    box.Dead.Add((id, failure.Why));
                return Task.CompletedTask;
            }
        }
    }

    /// <summary>Every time limit is over at once.</summary>
    private sealed class ImpatientClock : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            callback(state);
            return base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }
}
