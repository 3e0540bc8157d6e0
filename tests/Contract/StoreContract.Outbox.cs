namespace Serverless.Testing;

public abstract partial class StoreContract
{
    private static readonly DateTimeOffset FirstHour = new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_message_reads_back_when_it_is_due_and_is_claimed_by_one()
    {
        var at = OutboxTime();
        var due = NewMessage(at.AddTicks(123)) with { PromisedAt = at.AddHours(-3) };
        await Stores.Outbox.ScheduleAsync(due, default);
        await Stores.Outbox.ScheduleAsync(due, default);
        Assert.Empty(await DueAsync(due, due.DueAt.AddTicks(-1)));
        Assert.Equal([due], await DueAsync(due, due.DueAt));

        var next = due with { Attempts = 1, DueAt = due.DueAt.AddHours(30) };
        Assert.Equal(OutboxClaim.Claimed, await Stores.Outbox.TryClaimAsync(due, next, null, default));
        Assert.Equal(OutboxClaim.Taken, await Stores.Outbox.TryClaimAsync(due, next with { DueAt = next.DueAt.AddTicks(1) }, null, default));
        Assert.Empty(await DueAsync(due, next.DueAt.AddTicks(-1)));
        Assert.Equal([next], await DueAsync(due, next.DueAt));

        await Stores.Outbox.RemoveAsync(due, default);
        Assert.Equal([next], await DueAsync(due, next.DueAt));
        await Stores.Outbox.RemoveAsync(next, default);
        await Stores.Outbox.RemoveAsync(next, default);
        Assert.Empty(await DueAsync(due, next.DueAt));
    }

    [Fact]
    public async Task Messages_come_by_the_hour_of_their_creation_and_then_by_their_due_time()
    {
        var at = OutboxTime();
        OutboxDue[] messages =
        [
            NewMessage(at) with { DueAt = at.AddHours(3) },
            NewMessage(at.AddHours(1)) with { DueAt = at.AddHours(2) },
            NewMessage(at.AddHours(1).AddTicks(-1)) with { DueAt = at.AddHours(2) },
        ];
        foreach (var message in messages)
            await Stores.Outbox.ScheduleAsync(message, default);
        Assert.Equal(
            [messages[2], messages[0], messages[1]],
            await Stores.Outbox.ReadDueAsync(at.AddHours(3), default).Where(messages.Contains).ToListAsync());
        foreach (var message in messages)
            await Stores.Outbox.RemoveAsync(message, default);
    }

    [Fact]
    public async Task Claims_of_an_hour_are_counted_in_the_same_write_up_to_the_limit_however_many_there_are_at_once()
    {
        var at = OutboxTime();
        var messages = Enumerable.Range(0, 12).Select(i => NewMessage(at.AddMinutes(i))).ToList();
        foreach (var message in messages)
            await Stores.Outbox.ScheduleAsync(message, default);

        // Two instances try each.
        var claims = await Task.WhenAll(messages.Concat(messages).Select(message => Task.Run(() => ClaimAsync(message, 9))));
        Assert.Equal(9, claims.Count(claim => claim == OutboxClaim.Claimed));
        Assert.All(claims[..12].Zip(claims[12..]), two => Assert.False(two is (OutboxClaim.Claimed, OutboxClaim.Claimed)));

        // What isn't counted isn't limited, and another hour has its own count.
        var rest = messages.Where((_, i) => claims[i] != OutboxClaim.Claimed && claims[i + 12] != OutboxClaim.Claimed).ToList();
        Assert.Equal(3, rest.Count);
        Assert.Equal(OutboxClaim.LimitReached, await ClaimAsync(rest[0], 9));
        Assert.Equal(OutboxClaim.Taken, await ClaimAsync(messages.Except(rest).First(), 9));
        Assert.Equal(OutboxClaim.Claimed, await ClaimAsync(rest[0], null));
        var later = NewMessage(at.AddHours(1));
        await Stores.Outbox.ScheduleAsync(later, default);
        Assert.Equal(OutboxClaim.Claimed, await ClaimAsync(later, 1));
        Assert.Equal(OutboxClaim.Claimed, await ClaimAsync(rest[1], 10));

        Task<OutboxClaim> ClaimAsync(OutboxDue due, int? limit) =>
            Stores.Outbox.TryClaimAsync(due, due with { Attempts = 1, DueAt = due.DueAt.AddHours(1) }, limit, default);
    }

    [Fact]
    public async Task Old_counts_are_removed_and_no_messages()
    {
        // Older than what any other test leaves.
        var at = FirstHour.AddYears(-350).AddHours(Random.Shared.Next(100_000));
        List<OutboxDue> messages = [NewMessage(at), NewMessage(at.AddHours(1)), NewMessage(at.AddHours(2))];
        foreach (var message in messages)
        {
            await Stores.Outbox.ScheduleAsync(message, default);
            await Stores.Outbox.TryClaimAsync(message, message with { Attempts = 1, DueAt = at.AddHours(4) }, 1, default);
        }

        Assert.Equal(2, await Stores.Outbox.RemoveCountsAsync(at.AddHours(2), default));
        Assert.Equal(0, await Stores.Outbox.RemoveCountsAsync(at.AddHours(2), default));
        Assert.Equal(1, await Stores.Outbox.RemoveCountsAsync(at.AddHours(3), default));
        var left = await Stores.Outbox.ReadDueAsync(at.AddHours(4), default).Where(due => due.DueAt == at.AddHours(4)).ToListAsync();
        Assert.Equal(messages.Select(each => each.Id), left.Select(each => each.Id));
        foreach (var message in left)
            await Stores.Outbox.RemoveAsync(message, default);
    }

    // An hour that no other test uses.
    private static DateTimeOffset OutboxTime() => FirstHour.AddHours(Random.Shared.Next(1_000_000));

    private static OutboxDue NewMessage(DateTimeOffset at) => OutboxDue.New(Guid.NewGuid(), OutboxChannel.Mail, "a key", at);

    private ValueTask<List<OutboxDue>> DueAsync(OutboxDue message, DateTimeOffset now) =>
        Stores.Outbox.ReadDueAsync(now, default).Where(due => due.Id == message.Id).ToListAsync();
}
