namespace Serverless.Sessions.Tests.Timeline;

public sealed class DeliverSecurityEventsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private readonly ISecurityEventStore _store = InMemoryStores.Create().SecurityEvents;
    private readonly FakeClock _clock = new();
    private readonly Receiver _receiver = new();

    [Fact]
    public async Task One_that_fails_is_sent_again_after_pauses_that_grow_and_is_a_dead_letter_after_the_tenth()
    {
        var sent = await RaiseAsync();
        _receiver.Outcomes = _ => WebhookOutcome.Failed;
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
        double[] expected = [0, 1, 3, 9, 27, 81, 243, 729, 1440, 1440];
        Assert.All(pauses.Zip(expected), each => Assert.InRange(each.First, each.Second * 0.8, (each.Second * 1.2) + 1));
        Assert.Equal(new(0, 0, 0), await RunAsync(after: TimeSpan.FromDays(10)));
    }

    [Theory]
    [InlineData(1, 0, 0.8)]
    [InlineData(1, 1, 1.2)]
    [InlineData(4, 0.5, 27)]
    [InlineData(8, 0.5, 1440)]
    [InlineData(20, 0.5, 1440)]
    public void A_pause_is_three_times_the_one_before_up_to_a_day_and_a_fifth_is_chance(int attempt, double chance, double minutes) =>
        Assert.Equal(minutes, DeliverSecurityEvents.WaitAfter(attempt, chance).TotalMinutes, 6);

    [Fact]
    public async Task One_that_is_refused_for_good_is_a_dead_letter_at_once()
    {
        var sent = await RaiseAsync();
        _receiver.Outcomes = _ => WebhookOutcome.Refused;
        Assert.Equal(new(0, 0, 1), await RunAsync());
        Assert.Equal(DeliveryState.DeadLetter, await StateAsync(sent));
    }

    [Fact]
    public async Task A_receiver_that_is_down_is_asked_three_times_in_a_run_and_one_event_stops_no_other()
    {
        var poison = await RaiseAsync();
        for (var i = 0; i < 5; i++)
            await RaiseAsync();
        _receiver.Outcomes = _ => WebhookOutcome.Away;
        Assert.Equal(new(0, 3, 0), await RunAsync());
        _receiver.Outcomes = id => id == poison.Id ? WebhookOutcome.Failed : WebhookOutcome.Taken;
        Assert.Equal(new(5, 1, 0), await RunAsync(after: TimeSpan.FromMinutes(2)));
    }

    [Fact]
    public async Task Events_that_a_receiver_cannot_take_hold_up_no_other_however_many_they_are()
    {
        HashSet<Guid> poison = [];
        for (var i = 0; i < 10; i++)
            poison.Add((await RaiseAsync()).Id);
        _clock.Advance(TimeSpan.FromSeconds(1));
        var good = await RaiseAsync();
        _receiver.Outcomes = id => poison.Contains(id) ? WebhookOutcome.Failed : WebhookOutcome.Taken;
        Assert.Equal(new(1, 10, 0), await RunAsync());
        Assert.Equal(DeliveryState.Delivered, await StateAsync(good));

        _receiver.Outcomes = _ => WebhookOutcome.Refused;
        Assert.Equal(new(0, 0, 10), await RunAsync(after: TimeSpan.FromMinutes(2)));
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(100, 24)]
    public async Task A_receiver_is_left_alone_for_as_long_as_it_asks_but_a_day_at_most(int asked, int left)
    {
        var sent = await RaiseAsync();
        _receiver.Outcomes = _ => WebhookOutcome.Away;
        _receiver.RetryAfter = TimeSpan.FromHours(asked);
        await RunAsync();
        _receiver.Outcomes = _ => WebhookOutcome.Taken;
        Assert.Equal(new(0, 0, 0), await RunAsync(after: TimeSpan.FromHours(left) - TimeSpan.FromTicks(1)));
        Assert.Equal(new(1, 0, 0), await RunAsync(after: TimeSpan.FromTicks(1)));
        Assert.Equal([sent.Id, sent.Id], _receiver.Sent);
    }

    [Fact]
    public async Task A_run_out_of_time_leaves_the_rest_to_the_next_one()
    {
        for (var i = 0; i < 3; i++)
            await RaiseAsync();
        _receiver.Outcomes = _ =>
        {
            _clock.Advance(Patience);
            return WebhookOutcome.Taken;
        };
        Assert.Equal(new(2, 0, 0) { Finished = false }, await RunAsync());
        Assert.Equal(new(1, 0, 0), await RunAsync());
    }

    [Fact]
    public async Task A_kill_at_any_call_loses_no_event_and_sends_none_twice_but_after_its_answer()
    {
        var steps = await Killer.AtEachStepAsync(async dieAt =>
        {
            var sent = await RaiseAsync();
            _receiver.Sent.Clear();
            var store = new Killer(dieAt).Around(_store);
            var died = await Killer.RunAsync(() => RunAsync(store)) is null;
            for (var i = 0; i < 3; i++)
                await RunAsync(after: TimeSpan.FromMinutes(1));

            Assert.Equal(DeliveryState.Delivered, await StateAsync(sent));
            // After the answer, and before it is on record.
            Assert.Equal(dieAt == 4 ? 2 : 1, _receiver.Sent.Count);
            return died;
        });
        Assert.Equal(2 * 3, steps);
    }

    [Fact]
    public async Task One_whose_last_attempt_was_taken_on_and_maybe_never_sent_is_sent_once_more_and_no_more()
    {
        var sent = await RaiseAsync();
        _receiver.MaximumAttempts = 1;
        // The storage client's second try finds its first: nobody sends it.
        var lostReply = Intercepted.Around(_store, instead: (call, _) =>
            call == nameof(ISecurityEventStore.TryClaimAsync) ? TakeOnAsync() : null);
        Assert.Equal(new(0, 0, 0), await RunAsync(lostReply));
        Assert.Equal(new(1, 0, 0), await RunAsync(after: TimeSpan.FromMinutes(1)));
        Assert.Equal((1, DeliveryState.Delivered), (_receiver.Sent.Count, await StateAsync(sent)));

        var given = await RaiseAsync();
        await TakeOnAsync();
        _clock.Advance(TimeSpan.FromMinutes(1));
        await TakeOnAsync();
        Assert.Equal(new(0, 0, 1), await RunAsync(after: TimeSpan.FromMinutes(1)));
        Assert.Equal((1, DeliveryState.DeadLetter), (_receiver.Sent.Count, await StateAsync(given)));

        async Task<bool> TakeOnAsync()
        {
            var due = await _store.ReadDueDeliveriesAsync(_clock.GetUtcNow(), default).FirstAsync();
            return !await _store.TryClaimAsync(due, due with { Attempts = due.Attempts + 1, DueAt = _clock.GetUtcNow().AddMinutes(1) }, default);
        }
    }

    [Fact]
    public async Task Two_runs_beside_each_other_send_an_event_once()
    {
        await RaiseAsync();
        var store = Intercepted.Around(_store, Intercepted.Once(nameof(ISecurityEventStore.TryClaimAsync), () => RunAsync()));
        Assert.Equal(new(0, 0, 0), await RunAsync(store));
        Assert.Single(_receiver.Sent);
    }

    private Task<DeliveryReport> RunAsync(ISecurityEventStore? store = null, TimeSpan after = default)
    {
        _clock.Advance(after);
        return new DeliverSecurityEvents(store ?? _store, _clock, NullLogger<DeliverSecurityEvents>.Instance, _receiver)
            .ExecuteAsync(Patience, default);
    }

    private async Task<SecurityEvent> RaiseAsync()
    {
        var raised = new SecurityEvent(
            Guid.NewGuid(), SecurityEventKind.TokenReuse, _clock.GetUtcNow(), "unknown", Delivery: DeliveryState.Pending);
        Assert.True(await _store.TryAddAsync(raised, default));
        return raised;
    }

    private async Task<DeliveryState?> StateAsync(SecurityEvent sent) =>
        (await _store.ReadEventsAsync(sent.At, sent.At, default).FirstAsync(each => each.Id == sent.Id)).Delivery;
}
