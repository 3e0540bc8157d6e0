namespace Serverless.Sessions.Tests.Outbox;

/// <summary>The outbox with its webhook, from an event on.</summary>
public sealed class WebhookChannelTests
{
    private readonly Stores _stores = InMemoryStores.Create();
    private readonly FakeClock _clock = new();
    private readonly Receiver _receiver = new();

    [Fact]
    public async Task One_that_fails_is_sent_again_after_pauses_that_grow_and_is_a_dead_letter_after_the_tenth()
    {
        var sent = await RaiseAsync();
        _receiver.Outcomes = _ => SendOutcome.Failed;
        await RunAsync();
        List<double> pauses = [];
        var last = _clock.GetUtcNow();
        for (var minutes = 0; minutes < 6 * 24 * 60 && await StateAsync(sent) == DeliveryState.Pending; minutes++)
        {
            var count = _receiver.Sent.Count;
            await RunAsync();
            if (_receiver.Sent.Count > count)
            {
                pauses.Add((_clock.GetUtcNow() - last).TotalMinutes);
                last = _clock.GetUtcNow();
            }

            _clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal((10, DeliveryState.DeadLetter), (_receiver.Sent.Count, await StateAsync(sent)));
        // The first is that of a message which nobody sent right away.
        double[] expected = [1, 1, 3, 9, 27, 81, 243, 729, 1440, 1440];
        Assert.All(pauses.Zip(expected), each => Assert.InRange(each.First, each.Second * 0.8, (each.Second * 1.2) + 1));
        Assert.Equal(new(), await RunAsync(after: TimeSpan.FromDays(10)));
        Assert.Empty(await DueAsync());
    }

    [Fact]
    public async Task One_that_is_refused_for_good_is_a_dead_letter_at_once()
    {
        var sent = await RaiseAsync();
        _receiver.Outcomes = _ => SendOutcome.Refused;
        Assert.Equal(new(GivenUp: 1), await RunAsync(after: TimeSpan.FromMinutes(1)));
        Assert.Equal(DeliveryState.DeadLetter, await StateAsync(sent));
    }

    [Fact]
    public async Task A_receiver_that_is_down_is_asked_three_times_in_a_run_and_one_event_stops_no_other()
    {
        var poison = await RaiseAsync();
        for (var i = 0; i < 5; i++)
            await RaiseAsync();
        _receiver.Outcomes = _ => SendOutcome.Away;
        Assert.Equal(new(Failed: 3), await RunAsync(after: TimeSpan.FromMinutes(1)));
        _receiver.Outcomes = id => id == poison.Id ? SendOutcome.Failed : SendOutcome.Sent;
        Assert.Equal(new(Sent: 5, Failed: 1), await RunAsync(after: TimeSpan.FromMinutes(2)));
    }

    [Fact]
    public async Task Events_that_a_receiver_cannot_take_hold_up_no_other_however_many_they_are()
    {
        HashSet<Guid> poison = [];
        for (var i = 0; i < 10; i++)
            poison.Add((await RaiseAsync()).Id);
        _clock.Advance(TimeSpan.FromSeconds(1));
        var good = await RaiseAsync();
        _receiver.Outcomes = id => poison.Contains(id) ? SendOutcome.Failed : SendOutcome.Sent;
        Assert.Equal(new(Sent: 1, Failed: 10), await RunAsync(after: TimeSpan.FromMinutes(1)));
        Assert.Equal(DeliveryState.Delivered, await StateAsync(good));

        _receiver.Outcomes = _ => SendOutcome.Refused;
        Assert.Equal(new(GivenUp: 10), await RunAsync(after: TimeSpan.FromMinutes(2)));
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(100, 24)]
    public async Task A_receiver_is_left_alone_for_as_long_as_it_asks_but_a_day_at_most(int asked, int left)
    {
        var sent = await RaiseAsync();
        _receiver.Outcomes = _ => SendOutcome.Away;
        _receiver.RetryAfter = TimeSpan.FromHours(asked);
        await RunAsync(after: TimeSpan.FromMinutes(1));
        _receiver.Outcomes = _ => SendOutcome.Sent;
        Assert.Equal(new(), await RunAsync(after: TimeSpan.FromHours(left) - TimeSpan.FromTicks(1)));
        Assert.Equal(new(Sent: 1), await RunAsync(after: TimeSpan.FromTicks(1)));
        Assert.Equal([sent.Id, sent.Id], _receiver.Sent);
    }

    [Fact]
    public async Task A_kill_at_any_call_loses_no_event_and_sends_none_twice_but_after_its_answer()
    {
        var steps = await Killer.AtEachStepAsync(async dieAt =>
        {
            _receiver.Sent.Clear();
            var killer = new Killer(dieAt);
            var stores = _stores with
            {
                SecurityEvents = killer.Around(_stores.SecurityEvents),
                Outbox = killer.Around(_stores.Outbox),
            };
            var raised = new SecurityEvent(Guid.NewGuid(), SecurityEventKind.TokenReuse, _clock.GetUtcNow(), "unknown");
            using var service = NewService(stores);
            var died = await Killer.RunAsync(() => RaiseAndSendAsync(service)) is null;

            // Who raised it does so again, since nothing tells how far it came.
            _clock.Advance(TimeSpan.FromSeconds(1));
            using var next = NewService(_stores);
            await next.RaiseEvent.ExecuteAsync(raised, default);
            for (var i = 0; i < 15; i++)
                await RunAsync(after: TimeSpan.FromMinutes(1));

            Assert.Equal(DeliveryState.Delivered, await StateAsync(raised));
            // After the answer, and before it is on record.
            Assert.Equal(dieAt == 8 ? 2 : 1, _receiver.Sent.Count);
            Assert.Empty(await DueAsync());
            return died;

            async Task<SecurityEvent> RaiseAndSendAsync(Service service)
            {
                await service.RaiseEvent.ExecuteAsync(raised, default);
                await service.SendOutbox.TryAsync(await PostedAsync(service), default);
                return raised;
            }
        });
        // The due row and the event; to find it, the claim, the end and the removal. Before and after each.
        Assert.Equal(2 * 6, steps);
    }

    [Fact]
    public async Task One_whose_last_attempt_was_taken_on_and_maybe_never_sent_is_sent_once_more_and_no_more()
    {
        var sent = await RaiseAsync();
        _receiver.MaximumAttempts = 1;
        _clock.Advance(TimeSpan.FromMinutes(1));
        // The storage client's second try finds its first: nobody sends it.
        var lostReply = Intercepted.Around(_stores.Outbox, instead: (call, _) =>
            call == nameof(IOutboxStore.TryClaimAsync) ? TakeOnAsync() : null);
        Assert.Equal(new(), await RunAsync(lostReply));
        Assert.Equal(new(Sent: 1), await RunAsync(after: TimeSpan.FromMinutes(1)));
        Assert.Equal((1, DeliveryState.Delivered), (_receiver.Sent.Count, await StateAsync(sent)));

        var given = await RaiseAsync();
        for (var i = 0; i < 2; i++)
        {
            _clock.Advance(TimeSpan.FromMinutes(1));
            await TakeOnAsync();
        }

        Assert.Equal(new(GivenUp: 1), await RunAsync(after: TimeSpan.FromMinutes(1)));
        Assert.Equal((1, DeliveryState.DeadLetter), (_receiver.Sent.Count, await StateAsync(given)));

        async Task<OutboxClaim> TakeOnAsync()
        {
            var due = await _stores.Outbox.ReadDueAsync(_clock.GetUtcNow(), default).FirstAsync();
            var next = due with { Attempts = due.Attempts + 1, DueAt = _clock.GetUtcNow().AddMinutes(1) };
            Assert.Equal(OutboxClaim.Claimed, await _stores.Outbox.TryClaimAsync(due, next, null, default));
            return OutboxClaim.Taken;
        }
    }

    [Theory]
    [InlineData(nameof(IOutboxStore.TryClaimAsync))]
    [InlineData(nameof(IOutboxStore.ReadDueAsync))]
    public async Task Two_runs_beside_each_other_send_an_event_once(string meanwhile)
    {
        await RaiseAsync();
        _clock.Advance(TimeSpan.FromMinutes(1));
        var outbox = Intercepted.Around(_stores.Outbox, Intercepted.Once(meanwhile, () => RunAsync()));
        Assert.Equal(new(), await RunAsync(outbox));
        Assert.Single(_receiver.Sent);
    }

    [Fact]
    public async Task Two_that_raise_an_event_at_once_send_it_once_also_when_it_fails_at_first()
    {
        var raised = new SecurityEvent(Guid.NewGuid(), SecurityEventKind.TokenReuse, _clock.GetUtcNow(), "unknown");
        _receiver.Outcomes = _ => _receiver.Sent.Count < 2 ? SendOutcome.Failed : SendOutcome.Sent;
        using var first = NewService(_stores);
        Assert.True(await first.RaiseEvent.ExecuteAsync(raised, default));
        _clock.Advance(TimeSpan.FromSeconds(1));
        using var second = NewService(_stores);
        Assert.False(await second.RaiseEvent.ExecuteAsync(raised, default));
        for (var i = 0; i < 15; i++)
            await RunAsync(after: TimeSpan.FromMinutes(1));
        Assert.Equal([raised.Id, raised.Id], _receiver.Sent);
        Assert.Empty(await DueAsync());
    }

    [Fact]
    public async Task An_event_is_sent_right_away_and_without_a_webhook_never()
    {
        using var service = NewService(_stores);
        var raised = new SecurityEvent(Guid.NewGuid(), SecurityEventKind.TokenReuse, _clock.GetUtcNow(), "unknown");
        await service.RaiseEvent.ExecuteAsync(raised, default);
        Assert.Equal((OutboxResult.Sent, false), await service.SendOutbox.TryAsync(await PostedAsync(service), default));
        Assert.Equal(DeliveryState.Delivered, await StateAsync(raised));

        using var mute = new Service(_stores, _clock);
        var silent = raised with { Id = Guid.NewGuid() };
        await mute.RaiseEvent.ExecuteAsync(silent, default);
        Assert.Null(await StateAsync(silent));
        Assert.Empty(await DueAsync());
    }

    private static async Task<OutboxDue> PostedAsync(Service service) => await service.OutboxQueue.ReadAllAsync(default).FirstAsync();

    private Service NewService(Stores stores) => new(stores, _clock, webhook: _receiver);

    private async Task<OutboxReport> RunAsync(IOutboxStore? outbox = null, TimeSpan after = default)
    {
        _clock.Advance(after);
        using var service = NewService(_stores with { Outbox = outbox ?? _stores.Outbox });
        return await service.SendOutbox.ExecuteAsync(default);
    }

    private async Task<SecurityEvent> RaiseAsync()
    {
        using var service = NewService(_stores);
        var raised = new SecurityEvent(Guid.NewGuid(), SecurityEventKind.TokenReuse, _clock.GetUtcNow(), "unknown");
        Assert.True(await service.RaiseEvent.ExecuteAsync(raised, default));
        return raised;
    }

    private async Task<DeliveryState?> StateAsync(SecurityEvent sent) =>
        (await _stores.SecurityEvents.FindAsync(sent.Position, default))?.Delivery;

    private ValueTask<List<OutboxDue>> DueAsync() => _stores.Outbox.ReadDueAsync(_clock.GetUtcNow().AddDays(9), default).ToListAsync();
}
