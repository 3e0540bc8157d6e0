namespace Serverless.Testing;

public abstract partial class StoreContract
{
    [Fact]
    public async Task A_security_event_reads_back_with_all_that_it_says_and_is_added_once()
    {
        var at = EventTime();
        SecurityEvent[] events =
        [
            NewEvent(at.AddMinutes(2), SecurityEventKind.LoginBurst) with
            {
                UserId = UserId.New(Now), SessionId = SessionId.New(),
                Evidence = new(TimeSpan.FromMinutes(10), 6, 1, 2, 5, at.AddMinutes(-1), at),
            },
            NewEvent(at.AddMinutes(1), SecurityEventKind.AddressFlagged) with
            {
                Delivery = DeliveryState.Pending, ScheduledAt = at.AddTicks(1),
            },
            NewEvent(at, SecurityEventKind.TokenReuse),
        ];
        foreach (var each in events)
        {
            Assert.True(await Stores.SecurityEvents.TryAddAsync(each, default));
            Assert.False(await Stores.SecurityEvents.TryAddAsync(each with { AddressGroup = "unknown" }, default));
        }

        foreach (var each in events)
            Assert.Equal(each, await Stores.SecurityEvents.FindAsync(each.Position, default));
        Assert.Null(await Stores.SecurityEvents.FindAsync(new(at, events[0].Id), default));
        Assert.Equal(events, await Stores.SecurityEvents.ReadEventsAsync(at, at.AddMinutes(2), default).ToListAsync());
        Assert.Equal(events[1..2], await Stores.SecurityEvents.ReadEventsAsync(
            at.AddTicks(1), at.AddMinutes(2).AddTicks(-1), default).ToListAsync());
    }

    [Fact]
    public async Task The_pages_of_security_events_are_whole_for_each_list()
    {
        var at = EventTime();
        var made = Enumerable.Range(0, 7).Select(i => NewEvent(
            at.AddSeconds(i / 2), i % 2 == 0 ? SecurityEventKind.NewDevice : SecurityEventKind.AccountLocked)).ToList();
        foreach (var each in made)
            await Stores.SecurityEvents.TryAddAsync(each, default);
        // Newer ones don't move the pages.
        var start = new LogPosition(at.AddSeconds(4), Guid.Empty);

        Assert.Equal(made.Select(each => each.Id).Order(), (await WalkAsync(default)).Take(7).Order());
        Assert.Equal(
            made.Where(each => each.Kind == SecurityEventKind.NewDevice).Select(each => each.Id).Order(),
            (await WalkAsync(new(SecurityEventKind.NewDevice))).Take(4).Order());

        async Task<List<Guid>> WalkAsync(SecurityEventList list)
        {
            List<SecurityEvent> all = [];
            LogPosition? next = start;
            do
            {
                var page = await Stores.SecurityEvents.ListAsync(list, next, 2, default);
                Assert.InRange(page.Events.Count, 1, 2);
                all.AddRange(page.Events);
                next = page.Next;
            }
            while (next is not null);
            Assert.Equal(all.OrderByDescending(each => each.At).Select(each => each.At), all.Select(each => each.At));
            Assert.Equal(all.Distinct(), all);
            return [.. all.Select(each => each.Id)];
        }
    }

    [Fact]
    public async Task The_end_of_a_delivery_is_in_each_list_and_may_be_repeated()
    {
        var at = EventTime();
        var sent = NewEvent(at, SecurityEventKind.TokenReuse) with { Delivery = DeliveryState.Pending };
        await Stores.SecurityEvents.TryAddAsync(sent, default);
        for (var i = 0; i < 2; i++)
        {
            await Stores.SecurityEvents.EndDeliveryAsync(sent, DeliveryState.DeadLetter, default);
            var ended = sent with { Delivery = DeliveryState.DeadLetter };
            Assert.Equal([ended], await Stores.SecurityEvents.ReadEventsAsync(at, at, default).ToListAsync());
            foreach (var list in (SecurityEventList[])[default, new(sent.Kind), new(DeadLetters: true)])
                Assert.Equal(ended, (await Stores.SecurityEvents.ListAsync(list, new(at, Guid.Empty), 1, default)).Events[0]);
        }
    }

    [Fact]
    public async Task Old_security_events_are_removed_with_all_that_there_is_of_them()
    {
        // Older than what any other test leaves.
        var at = Now.AddYears(-200).AddDays(Random.Shared.Next(10_000));
        var given = NewEvent(at, SecurityEventKind.NewDevice) with { Delivery = DeliveryState.Pending };
        await Stores.SecurityEvents.TryAddAsync(given, default);
        await Stores.SecurityEvents.EndDeliveryAsync(given, DeliveryState.DeadLetter, default);
        for (var i = 1; i < 40; i++)
            await Stores.SecurityEvents.TryAddAsync(NewEvent(at.AddTicks(i), SecurityEventKind.NewDevice), default);
        await Stores.SecurityEvents.TryAddAsync(NewEvent(at.AddSeconds(1), SecurityEventKind.NewDevice), default);

        Assert.Equal(3, await Stores.SecurityEvents.RemoveAsync(at.AddSeconds(1), 3, default));
        Assert.Equal(37, await Stores.SecurityEvents.RemoveAsync(at.AddSeconds(1), 100, default));
        Assert.Equal(0, await Stores.SecurityEvents.RemoveAsync(at.AddSeconds(1), 100, default));

        var start = new LogPosition(at.AddSeconds(2), Guid.Empty);
        foreach (var list in (SecurityEventList[])[default, new(SecurityEventKind.NewDevice)])
            Assert.Equal(at.AddSeconds(1), Assert.Single((await Stores.SecurityEvents.ListAsync(list, start, 100, default)).Events).At);
        Assert.Empty((await Stores.SecurityEvents.ListAsync(new(DeadLetters: true), start, 100, default)).Events);
        await Stores.SecurityEvents.RemoveAsync(at.AddSeconds(2), 100, default);
    }

    [Fact]
    public async Task A_delivery_may_end_after_its_event()
    {
        var at = Now.AddYears(-300).AddDays(Random.Shared.Next(10_000));
        var gone = NewEvent(at, SecurityEventKind.NewDevice) with { Delivery = DeliveryState.Pending };
        await Stores.SecurityEvents.EndDeliveryAsync(gone, DeliveryState.DeadLetter, default);
        Assert.Null(await Stores.SecurityEvents.FindAsync(gone.Position, default));
        var deadLetters = await Stores.SecurityEvents.ListAsync(new(DeadLetters: true), new(at.AddTicks(1), Guid.Empty), 1, default);
        Assert.DoesNotContain(deadLetters.Events, each => each.At == at);
    }

    [Fact]
    public async Task A_dead_letter_does_not_bring_back_a_user_who_was_erased_meanwhile()
    {
        var at = EventTime();
        var sent = NewEvent(at, SecurityEventKind.TokenReuse) with { UserId = UserId.New(Now), Delivery = DeliveryState.Pending };
        await Stores.SecurityEvents.TryAddAsync(sent, default);
        await Stores.Personal.AnonymizeAsync(sent, default);
        await Stores.SecurityEvents.EndDeliveryAsync(sent, DeliveryState.DeadLetter, default);
        foreach (var list in (SecurityEventList[])[default, new(sent.Kind), new(DeadLetters: true)])
        {
            var listed = (await Stores.SecurityEvents.ListAsync(list, new(at.AddTicks(1), Guid.Empty), 1, default)).Events[0];
            Assert.Equal((sent.Id, null, DeliveryState.DeadLetter), (listed.Id, listed.UserId, listed.Delivery!.Value));
        }
    }

    // A time that no other test uses.
    private static DateTimeOffset EventTime() => Now.AddDays(Random.Shared.Next(10_000)).AddTicks(Random.Shared.Next());

    private static SecurityEvent NewEvent(DateTimeOffset at, SecurityEventKind kind) =>
        new(Guid.NewGuid(), kind, at, "203.0.113.7");
}
