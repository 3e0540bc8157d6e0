namespace Serverless.Testing;

public abstract partial class StoreContract
{
    [Fact]
    public async Task The_log_of_a_user_reads_back_with_its_times_and_goes_row_by_row()
    {
        var (session, _) = await OpenAsync();
        var other = (await OpenAsync()).Session;
        var owner = LogOwner.Of(session.UserId);
        await Stores.Log.AppendAsync(owner, EntryFor(session, LogAction.AccountLocked), default);
        var rows = await Stores.Personal.ReadLogAsync(owner, default);
        Assert.Equal([(LogAction.AccountLocked, Now), (LogAction.Login, Now.AddSeconds(-1))], rows.Select(row => (row.Action, row.At)));

        await Stores.Personal.RemoveAsync(owner, [rows[0]], default);
        // Again, with one that is gone.
        await Stores.Personal.RemoveAsync(owner, rows, default);
        Assert.Empty(await LogOfAsync(session));
        Assert.Single(await LogOfAsync(other));
    }

    [Fact]
    public async Task Anonymous_activity_keeps_what_is_counted_and_names_nobody()
    {
        var (user, key, hour) = (UserId.New(Now), Service.NewEmail().ToAccountKey(), Now.AddTicks(-(Now.Ticks % TimeSpan.TicksPerHour)));
        var session = SessionId.New();
        var login = new Activity(ActivityKind.Login, Now, "203.0.113.7", key, user) { System = "Windows", Browser = "Firefox", NewDevice = true };
        var end = new Activity(ActivityKind.SessionEnded, Now, "203.0.113.7", UserId: user, SessionId: session)
        {
            Id = session.ToGuid(), EndReason = EndReason.Logout, Duration = TimeSpan.FromMinutes(3), Generation = 4, System = "Windows",
        };
        var before = new Activity(ActivityKind.FailedLogin, Now, "203.0.113.8", key) { Locks = true };
        var other = new Activity(ActivityKind.Login, Now, "203.0.113.7", Service.NewEmail().ToAccountKey(), UserId.New(Now));
        var later = login with { Id = Guid.NewGuid(), At = hour.AddHours(1) };
        foreach (var activity in (Activity[])[login, end, before, other, later])
            await Stores.Timeline.RecordAsync(activity, default);

        for (var i = 0; i < 2; i++)
            await Stores.Personal.AnonymizeActivityAsync(user, key, hour, default);

        var stored = await Stores.Timeline.ReadActivityAsync(hour, hour.AddHours(1), default).ToListAsync();
        Activity[] expected = [login.Anonymous(), end.Anonymous(), before.Anonymous(), other, later];
        foreach (var activity in expected)
            Assert.Contains(activity, stored);
        Assert.DoesNotContain(stored, each => each == login || each == end || each == before);
        Assert.NotEqual(session, end.Anonymous().SessionId);
    }

    [Fact]
    public async Task The_events_about_a_user_are_found_and_name_nobody_afterwards_in_any_list()
    {
        var user = UserId.New(Now);
        var one = NewEventOf(user, Now);
        var dead = NewEventOf(user, Now.AddSeconds(-1)) with { Delivery = DeliveryState.Pending };
        var old = NewEventOf(user, Now.AddDays(-2));
        var other = NewEventOf(UserId.New(Now), Now);
        foreach (var each in (SecurityEvent[])[one, dead, old, other])
            Assert.True(await Stores.SecurityEvents.TryAddAsync(each, default));
        await Stores.SecurityEvents.EndDeliveryAsync(dead, DeliveryState.DeadLetter, default);

        var found = await FindAsync();
        Assert.Equal([one, dead with { Delivery = DeliveryState.DeadLetter }], found);
        foreach (var each in found.Concat(found))
            await Stores.Personal.AnonymizeAsync(each, default);
        await Stores.Personal.AnonymizeAsync(NewEventOf(user, Now), default);

        Assert.Empty(await FindAsync());
        foreach (var each in found)
        {
            var kept = each.Anonymous();
            Assert.Equal((null, null, IpAddressGroup.Unknown), (kept.UserId, kept.SessionId, kept.AddressGroup));
            Assert.Equal(kept, await Stores.SecurityEvents.FindAsync(each.Position, default));
            Assert.Contains(kept, (await Stores.SecurityEvents.ListAsync(new(each.Kind), new(Now.AddSeconds(1), default), 1000, default)).Events);
        }

        Assert.Contains(found[1].Anonymous(), (await Stores.SecurityEvents.ListAsync(new(DeadLetters: true), null, 1000, default)).Events);
        Assert.Equal(other, await Stores.SecurityEvents.FindAsync(other.Position, default));
        Assert.Equal(user, (await Stores.SecurityEvents.FindAsync(old.Position, default))?.UserId);

        async Task<List<SecurityEvent>> FindAsync() => await Stores.Personal.ReadEventsAsync(user, Now.AddDays(-1), Now, default).ToListAsync();

        static SecurityEvent NewEventOf(UserId user, DateTimeOffset at) =>
            new(Guid.NewGuid(), SecurityEventKind.NewDevice, at, "203.0.113.7", user, SessionId.New());
    }

    [Fact]
    public async Task The_rows_of_a_user_go_and_those_of_others_stay()
    {
        var (session, _) = await OpenAsync();
        var other = (await OpenAsync()).Session;
        var copy = new Conversation(session.UserId, other.UserId) { Last = 1, LastAt = Now };
        await Stores.Mailbox.TrySaveAsync(copy, [new(session.UserId, other.UserId, 1, 1, Now, "hello")], null, default);

        while (!await Stores.Personal.RemoveRowsAsync(LogOwner.Of(session.UserId), default))
        {
        }

        Assert.True(await Stores.Personal.RemoveRowsAsync(LogOwner.Of(session.UserId), default));
        Assert.Null(await Stores.Sessions.FindAsync(session.UserId, session.Id, default));
        Assert.Null(await Stores.Epochs.FindAccountKeyAsync(session.UserId, default));
        Assert.Empty(await LogOfAsync(session));
        Assert.Empty(await Stores.Mailbox.ListConversationsAsync(session.UserId, default).ToListAsync());
        Assert.NotNull(await Stores.Sessions.FindAsync(other.UserId, other.Id, default));
    }

    [Fact]
    public async Task What_is_beside_an_account_goes_without_it()
    {
        var account = NewAccount();
        var key = account.Email.ToAccountKey();
        var mail = new MailIntent(Guid.NewGuid(), MailKind.AccountClosing, account.Email.Address, "de", Now, Now.AddDays(1));
        var token = new AccountToken(TokenPurpose.Reset, Guid.NewGuid(), Now.AddHours(1), KeyId.New(), account.Id);
        Assert.True(await Stores.Accounts.TryAddAsync(account, new(token, Mail: mail), default));
        Assert.True(await Stores.Accounts.TrySaveAsync(key, Throttle.Clear with { Failures = 1 }, default));
        Assert.Equal([mail], await Stores.Personal.ReadMailsAsync(key, default));

        for (var i = 0; i < 2; i++)
            await Stores.Personal.RemoveBesideAsync(key, default);

        var stored = await Stores.Accounts.ReadAsync(key, default);
        Assert.Equal((account.Id, Throttle.Clear, null), (stored.Account!.Id, stored.Throttle, stored.Reset));
        Assert.Empty(await Stores.Personal.ReadMailsAsync(key, default));
    }

    [Fact]
    public async Task When_an_account_is_erased_reads_back()
    {
        var account = NewAccount() with { State = AccountState.Erasing, EraseAt = Now, ErasedBackTo = Now.AddDays(-30) };
        await Stores.Accounts.TryAddAsync(account, null, default);
        var read = await ReadAccountAsync(account);
        Assert.Equal((AccountState.Erasing, account.EraseAt, account.ErasedBackTo), (read.State, read.EraseAt, read.ErasedBackTo));
    }
}
