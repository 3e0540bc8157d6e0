namespace Serverless.Sessions.Tests.Storage;

public sealed class HealthTests : IDisposable
{
    private static readonly DateTimeOffset Start = new FakeClock().GetUtcNow();

    private readonly FakeClock _clock = new();
    private readonly Stores _stores = InMemoryStores.Create();
    private readonly Service _service;

    public HealthTests() => _service = new(_stores, _clock);

    public void Dispose() => _service.Dispose();

    [Fact]
    public async Task Messages_wait_whether_they_are_due_or_not_and_the_oldest_tells_for_how_long()
    {
        Assert.Equal((0, null, true), await WaitingAsync());
        await AddAsync(Start.AddHours(-3), dueAt: Start.AddHours(28));
        await AddAsync(Start, dueAt: Start.AddMinutes(1));
        Assert.Equal((2, TimeSpan.FromHours(3) + CheckReadiness.CacheLifetime, true), await WaitingAsync());
    }

    [Fact]
    public async Task A_message_of_a_clock_that_is_ahead_waits_no_time()
    {
        await AddAsync(Start.AddSeconds(1), dueAt: Start.AddMinutes(1));
        Assert.Equal((1, TimeSpan.Zero, true), await WaitingAsync());
    }

    [Fact]
    public async Task A_message_that_is_put_off_from_hour_to_hour_waits_since_it_was_promised()
    {
        var due = OutboxDue.New(Guid.NewGuid(), OutboxChannel.Mail, "a key", Start.AddHours(-5));
        await _stores.Outbox.ScheduleAsync(due with { CreatedAt = Start.AddHours(1), DueAt = Start.AddHours(1.1) }, default);
        Assert.Equal((1, TimeSpan.FromHours(5), true), await WaitingAsync());
    }

    [Theory]
    [InlineData(ReadHealth.MostCounted, true)]
    [InlineData(ReadHealth.MostCounted + 1, false)]
    public async Task More_messages_and_dead_letters_than_are_counted_are_told_as_such(int count, bool isComplete)
    {
        for (var i = 0; i < count; i++)
        {
            await AddAsync(Start, Start);
            var dead = new SecurityEvent(Guid.NewGuid(), SecurityEventKind.NewDevice, Start, "203.0.113.7", Delivery: DeliveryState.Pending);
            await _stores.SecurityEvents.TryAddAsync(dead, default);
            await _stores.SecurityEvents.EndDeliveryAsync(dead, DeliveryState.DeadLetter, default);
        }

        var health = await _service.ReadHealth.ExecuteAsync(default);
        Assert.Equal((ReadHealth.MostCounted, isComplete), (health.Waiting, health.WaitingIsComplete));
        Assert.Equal((ReadHealth.MostCounted, isComplete), (health.DeadLetters, health.DeadLettersAreComplete));
    }

    [Fact]
    public async Task The_newest_dead_letter_is_told_by_the_time_of_its_event()
    {
        Assert.Null((await _service.ReadHealth.ExecuteAsync(default)).NewestDeadLetterAt);
        _clock.Advance(CheckReadiness.CacheLifetime);
        foreach (var at in new[] { Start.AddDays(-9), Start.AddDays(-3), Start.AddDays(-5) })
        {
            var dead = new SecurityEvent(Guid.NewGuid(), SecurityEventKind.NewDevice, at, "203.0.113.7", Delivery: DeliveryState.Pending);
            await _stores.SecurityEvents.TryAddAsync(dead, default);
            await _stores.SecurityEvents.EndDeliveryAsync(dead, DeliveryState.DeadLetter, default);
        }

        Assert.Equal(Start.AddDays(-3), (await _service.ReadHealth.ExecuteAsync(default)).NewestDeadLetterAt);
    }

    [Fact]
    public async Task The_age_of_the_service_outlasts_rotations_of_its_keys()
    {
        var first = await _service.Keys.GetAsync(default);
        var rotated = first;
        for (var day = 0; day < 800; day += 30)
            rotated = rotated.Rotate(Start.AddDays(day), TimeSpan.FromMinutes(10));
        Assert.DoesNotContain(first.SigningKeys[0], rotated.SigningKeys);
        Assert.Equal(first.AuditKeys[0].SignsFrom, rotated.CreatedAt);
    }

    [Fact]
    public async Task Of_each_kind_of_keys_the_one_that_signs_is_told_and_when_its_successor_will()
    {
        var first = await _service.Keys.GetAsync(default);
        Assert.Equal(
            [
                new(KeyKind.Signing, first.SigningKeys[0].Id, null), new(KeyKind.Mac, first.MacKeys[0].Id, null),
                new(KeyKind.Audit, first.AuditKeys[0].Id, null),
            ],
            first.InUseAt(Start));

        var rotated = first.Rotate(Start, TimeSpan.FromMinutes(10));
        Assert.Equal(
            [first.SigningKeys[0].SignsFrom.AddDays(30), first.MacKeys[0].SignsFrom.AddDays(30), first.AuditKeys[0].SignsFrom.AddDays(365)],
            rotated.InUseAt(Start).Select(key => key.NextFrom!.Value));
        Assert.Equal(
            new(KeyKind.Signing, rotated.SigningKeys[1].Id, null), rotated.InUseAt(rotated.SigningKeys[1].SignsFrom)[0]);
    }

    [Fact]
    public async Task The_latency_is_that_of_one_read()
    {
        var timeline = Intercepted.Around(_stores.Timeline, before: Intercepted.At(
            nameof(ITimeline.ReadLastRunsAsync), () => _clock.Advance(TimeSpan.FromMilliseconds(7))));
        using var service = new Service(_stores with { Timeline = timeline }, _clock);
        Assert.Equal(7, (await service.ReadHealth.ExecuteAsync(default)).Latency.TotalMilliseconds);
    }

    [Fact]
    public async Task There_is_none_while_storage_is_away()
    {
        var timeline = Intercepted.Around(_stores.Timeline, before: _ => throw new StorageUnavailableException("gone"));
        using var service = new Service(_stores with { Timeline = timeline }, _clock);
        await Assert.ThrowsAsync<StorageUnavailableException>(() => service.ReadHealth.ExecuteAsync(default).AsTask());
    }

    private Task AddAsync(DateTimeOffset createdAt, DateTimeOffset dueAt) =>
        _stores.Outbox.ScheduleAsync(new(Guid.NewGuid(), OutboxChannel.Mail, "a key", createdAt, dueAt), default);

    private async Task<(int Count, TimeSpan? OldestAge, bool IsComplete)> WaitingAsync()
    {
        var health = await _service.ReadHealth.ExecuteAsync(default);
        _clock.Advance(CheckReadiness.CacheLifetime);
        return (health.Waiting, health.OldestAge, health.WaitingIsComplete);
    }
}
