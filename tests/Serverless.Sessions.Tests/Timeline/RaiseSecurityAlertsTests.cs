namespace Serverless.Sessions.Tests.Timeline;

public sealed class RaiseSecurityAlertsTests : IDisposable
{
    private readonly Stores _stores = InMemoryStores.Create();
    private readonly FakeClock _clock = new();
    private readonly Recorded<RaiseSecurityAlerts> _told = new();
    private readonly Service _service;

    public RaiseSecurityAlertsTests() => _service = new(_stores, _clock);

    [Fact]
    public async Task What_happens_to_an_account_is_raised_by_the_next_run_and_once()
    {
        await RaiseAsync();
        var account = await _service.CreateAccountAsync();
        var first = await _service.LoginAsync(account.Email);
        var second = await _service.LoginAsync(account.Email, client: Service.Client with { Device = "a phone" });
        await _service.RefreshAsync(first.Tokens.RefreshText);
        _clock.Advance(TimeSpan.FromSeconds(31));
        Assert.IsType<RefreshSessionResult.Reused>(await _service.TryRefreshAsync(first.Tokens.RefreshText));
        for (var i = 0; i < 5; i++)
            await _service.TryLoginAsync(account.Email, "wrong password", client: Service.Client with { IpAddress = $"203.0.113.{i}" });

        Assert.Equal(4, (await RaiseAsync()).Raised);
        for (var i = 0; i < 20; i++)
            Assert.Equal(0, (await RaiseAsync(TimeSpan.FromMinutes(1))).Raised);

        var events = await EventsAsync();
        Assert.Equal(["account_locked", "failed_login_burst", "new_device", "token_reuse"], events.Select(each => each.Kind.Name).Order());
        Assert.All(events, each => Assert.Equal(account.Id, each.UserId));
        Assert.Equal(first.Session.Id, events.Single(each => each.Kind == SecurityEventKind.TokenReuse).SessionId);
        Assert.Equal(second.Session.Id, events.Single(each => each.Kind == SecurityEventKind.NewDevice).SessionId);
    }

    [Fact]
    public async Task A_reuse_that_could_not_be_recorded_leaves_the_session_to_the_next_try_which_is_told()
    {
        await RaiseAsync();
        var started = await _service.LoginAsync();
        await _service.RefreshAsync(started.Tokens.RefreshText);
        _clock.Advance(TimeSpan.FromSeconds(31));
        var timeline = Intercepted.Around(_stores.Timeline, Intercepted.Away(nameof(ITimeline.RecordAsync)));
        using (var failing = new Service(_stores with { Timeline = timeline }, _clock))
            await Assert.ThrowsAsync<StorageUnavailableException>(() => failing.TryRefreshAsync(started.Tokens.RefreshText));
        Assert.Null((await _service.FindAsync(started.Session)).Ending);

        Assert.IsType<RefreshSessionResult.Reused>(await _service.TryRefreshAsync(started.Tokens.RefreshText));
        await RaiseAsync();
        Assert.Equal(SecurityEventKind.TokenReuse, Assert.Single(await EventsAsync()).Kind);
    }

    [Fact]
    public async Task A_reuse_whose_session_could_not_be_ended_is_told_when_the_timer_has_ended_it_wherever_that_dies()
    {
        var steps = await Killer.AtEachStepAsync(async dieAt =>
        {
            using var test = new RaiseSecurityAlertsTests();
            var started = await test.ReuseWithoutEndAsync();
            Assert.Equal(0, (await test.RaiseAsync()).Raised);
            Assert.Null((await test._service.FindAsync(started.Session)).Ending);
            test._clock.Advance(TimeSpan.FromSeconds(61));
            var died = await test.RunAsync(test._stores, dieAt) is null;
            for (var i = 0; i < 40; i++)
            {
                await test.RaiseAsync();
                Assert.Equal(EndReason.TokenReuse, (await test._service.FindAsync(started.Session)).Ending?.Reason);
                Assert.Equal(EndReason.TokenReuse, Assert.IsType<RefreshSessionResult.Ended>(await test._service.TryRefreshAsync(started.Tokens.RefreshText)).Reason);
                test._clock.Advance(TimeSpan.FromMinutes(1));
            }

            Assert.Equal(started.Session.Id, Assert.Single(await test.EventsAsync()).SessionId);
            Assert.Single(await test._service.LogOfAsync(started.Session.UserId), entry => entry.Action == LogAction.TokenReuse);
            Assert.Single(await test._stores.Timeline.ReadActivityAsync(DateTimeOffset.MinValue, DateTimeOffset.MaxValue, default)
                .Where(activity => activity.Kind == ActivityKind.SessionEnded).ToListAsync());
            Assert.Single(await test._stores.Mailbox.ReadNoticesAsync(started.Session.UserId, 0, 9, default));
            return died;
        });
        Assert.InRange(steps, 20, 40);
    }

    [Fact]
    public async Task A_kill_at_any_call_neither_loses_an_event_nor_doubles_one()
    {
        List<Guid>? expected = null;
        var steps = await Killer.AtEachStepAsync(async dieAt =>
        {
            var stores = InMemoryStores.Create();
            _clock.Set(new(2026, 3, 14, 9, 0, 0, TimeSpan.Zero));
            await RunAsync(stores);
            // Over a step that is closed and one that isn't, with old events to remove.
            await RecordAsync(stores, _clock.GetUtcNow().AddMinutes(5), _clock.GetUtcNow().AddMinutes(100));
            await stores.SecurityEvents.TryAddAsync(
                new(Guid.NewGuid(), SecurityEventKind.NewDevice, _clock.GetUtcNow().AddDays(-500), "unknown"), default);
            _clock.Advance(TimeSpan.FromMinutes(101));

            var died = await RunAsync(stores, dieAt) is null;
            await RunAsync(stores);
            Assert.Equal(new(0, 0, 0, 0, Finished: true), await RunAsync(stores));

            var ids = (await stores.SecurityEvents.ReadEventsAsync(DateTimeOffset.MinValue, DateTimeOffset.MaxValue, default).ToListAsync())
                .Select(each => each.Id).ToList();
            Assert.Equal(4, ids.Count);
            expected ??= ids;
            Assert.Equal(expected, ids);
            return died;
        });
        // The cursor; of each step activity, known events, two events and the cursor; the removal. Before and after each.
        Assert.Equal(2 * (1 + 2 * 5 + 1), steps);
    }

    [Fact]
    public async Task What_is_recorded_two_minutes_late_is_raised()
    {
        await RaiseAsync();
        await RaiseAsync(TimeSpan.FromMinutes(5));
        await RecordAsync(_stores, _clock.GetUtcNow().AddMinutes(-1.9));
        Assert.Equal(2, (await RaiseAsync(TimeSpan.FromMinutes(1))).Raised);
    }

    [Fact]
    public async Task A_timer_that_was_dead_for_a_day_catches_up_within_its_time()
    {
        await RaiseAsync();
        await RecordAsync(_stores, _clock.GetUtcNow().AddHours(1.5), _clock.GetUtcNow().AddHours(20));
        _clock.Advance(TimeSpan.FromDays(1));
        var slow = await RunAsync(_stores, before: SlowReading());
        Assert.Equal((2, false), (slow!.Raised, slow.Finished));
        var rest = await RaiseAsync();
        Assert.Equal((2, true), (rest.Raised, rest.Finished));
    }

    [Fact]
    public async Task A_session_that_cannot_be_read_holds_up_neither_other_events_nor_anything_for_long()
    {
        await RaiseAsync();
        var account = await _service.CreateAccountAsync();
        await _service.LoginAsync(account.Email);
        await _service.LoginAsync(account.Email, client: Service.Client with { Device = "a phone" });
        await RecordAsync(_stores, _clock.GetUtcNow());
        _clock.Advance(TimeSpan.FromSeconds(2));
        var sessions = Intercepted.Around(_stores.Sessions, Intercepted.Away(nameof(ISessionStore.FindAsync)));
        var broken = _stores with { Sessions = sessions };
        await Assert.ThrowsAsync<StorageUnavailableException>(() => RunAsync(broken));
        // Of the two new devices one has no session.
        Assert.Equal(["account_locked", "new_device"], (await EventsAsync()).Select(each => each.Kind.Name).Order());

        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, (await RunAsync(broken))!.Raised);
    }

    [Fact]
    public async Task A_session_that_cannot_be_read_holds_up_no_other_and_whichever_the_timer_ends_is_told_as_2001()
    {
        StartSessionResult.Started[] reused = [await ReuseWithoutEndAsync(), await ReuseWithoutEndAsync()];
        _clock.Advance(TimeSpan.FromSeconds(61));
        var failures = 1;
        var sessions = Intercepted.Around(
            _stores.Sessions, Intercepted.Away(nameof(ISessionStore.FindAsync), () => failures-- > 0));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => RunAsync(_stores with { Sessions = sessions }));
        Assert.Equal(1, await CountEndedAsync());
        Assert.StartsWith("Warning 2001 ", Assert.Single(_told.Lines), StringComparison.Ordinal);

        await RunAsync(_stores);
        Assert.Equal(2, await CountEndedAsync());
        Assert.Equal(2, _told.Lines.Count);
        Assert.Equal(2, (await EventsAsync()).Count);

        async Task<int> CountEndedAsync() =>
            (await Task.WhenAll(reused.Select(each => _service.FindAsync(each.Session)))).Count(it => it.Ending is not null);
    }

    [Fact]
    public async Task A_login_that_came_to_nothing_is_no_new_device_however_late_the_timer_comes()
    {
        await RaiseAsync();
        var account = await _service.CreateAccountAsync();
        await _service.LoginAsync(account.Email);
        var sessions = Intercepted.Around(_stores.Sessions, Intercepted.Away(nameof(ISessionStore.TryOpenAsync)));
        using var failing = new Service(_stores with { Sessions = sessions }, _clock);
        await LoginFromPhoneAsync();
        Assert.Equal(0, (await RaiseAsync()).Raised);
        Assert.Equal(0, (await RaiseAsync(TimeSpan.FromMinutes(30))).Raised);

        await LoginFromPhoneAsync();
        Assert.Equal(0, (await RaiseAsync(TimeSpan.FromHours(25))).Raised);

        Task LoginFromPhoneAsync() => Assert.ThrowsAsync<StorageUnavailableException>(
            () => failing.LoginAsync(account.Email, client: Service.Client with { Device = "a phone" }));
    }

    [Fact]
    public async Task A_new_device_is_told_though_its_session_was_short_and_the_purge_came_first()
    {
        await RaiseAsync();
        var lifetime = TimeSpan.FromMinutes(5);
        using var brief = new Service(_stores, _clock, sessionOptions: new() { IdleLifetime = lifetime, AbsoluteLifetime = lifetime });
        var account = await brief.CreateAccountAsync();
        await brief.LoginAsync(account.Email);
        var session = (await brief.LoginAsync(account.Email, client: Service.Client with { Device = "a phone" })).Session;
        _clock.Advance(TimeSpan.FromMinutes(40));
        await brief.Purge.ExecuteAsync(default);
        Assert.Null(await _stores.Sessions.FindAsync(account.Id, session.Id, default));
        Assert.Equal(1, (await RaiseAsync()).Raised);
    }

    [Fact]
    public async Task Events_are_removed_after_400_days()
    {
        await RecordAsync(_stores, _clock.GetUtcNow());
        await RaiseAsync();
        Assert.Equal(0, (await RaiseAsync(TimeSpan.FromDays(400))).Removed);
        Assert.Equal(2, (await RaiseAsync(TimeSpan.FromSeconds(2))).Removed);
        Assert.Empty(await EventsAsync());
    }

    [Fact]
    public Task A_flag_is_one_event_however_often_its_evidence_is_renewed_and_wherever_its_timer_dies() =>
        Killer.AtEachStepAsync(async dieAt =>
        {
            var stores = InMemoryStores.Create();
            var (began, died) = (_clock.GetUtcNow(), false);
            for (var i = 0; i < 30; i++)
            {
                await stores.Timeline.RecordAsync(new(ActivityKind.FailedLogin, _clock.GetUtcNow(), "203.0.113.9"), default);
                if (i is >= 12 and < 20 || i == 29)
                    died |= !await FlagAsync(stores, i == 12 ? dieAt : null);
                _clock.Advance(TimeSpan.FromSeconds(50));
            }

            var raised = Assert.Single(await stores.SecurityEvents.ReadEventsAsync(DateTimeOffset.MinValue, DateTimeOffset.MaxValue, default).ToListAsync());
            // The eleventh attempt.
            Assert.Equal(("address_flagged", "203.0.113.9", began.AddSeconds(10 * 50)), (raised.Kind.Name, raised.AddressGroup, raised.At));
            Assert.InRange(raised.Evidence!.Count, 13, 14);
            _clock.Advance(TimeSpan.FromDays(2));
            return died;
        });

    public void Dispose() => _service.Dispose();

    private Task<AlertReport> RaiseAsync(TimeSpan after = default)
    {
        _clock.Advance(after);
        return _service.RaiseAlerts.ExecuteAsync(default);
    }

    private async Task<StartSessionResult.Started> ReuseWithoutEndAsync()
    {
        await RaiseAsync();
        var started = await _service.LoginAsync();
        await _service.RefreshAsync(started.Tokens.RefreshText);
        _clock.Advance(TimeSpan.FromSeconds(31));
        var sessions = Intercepted.Around(_stores.Sessions, Intercepted.Away(nameof(ISessionStore.TryEndAsync)));
        using var failing = new Service(_stores with { Sessions = sessions }, _clock);
        await Assert.ThrowsAsync<StorageUnavailableException>(() => failing.TryRefreshAsync(started.Tokens.RefreshText));
        return started;
    }

    // A lock, and a login from a new device.
    private static async Task RecordAsync(Stores stores, params DateTimeOffset[] times)
    {
        foreach (var at in times)
        {
            var login = new Activity(ActivityKind.Login, at, "203.0.113.9")
            {
                Id = new(SessionIdOf(at)), UserId = Service.Administrator, NewDevice = true,
            };
            await stores.Timeline.RecordAsync(login, default);
            await stores.Timeline.RecordAsync(
                login with { Kind = ActivityKind.FailedLogin, At = at.AddSeconds(1), NewDevice = false, Locks = true }, default);
        }

        static byte[] SessionIdOf(DateTimeOffset at) => [.. BitConverter.GetBytes(at.UtcTicks), .. new byte[8]];
    }

    private Action<string> SlowReading() =>
        Intercepted.At(nameof(ITimeline.ReadActivityAsync), () => _clock.Advance(TimeSpan.FromSeconds(100)));

    private Task<List<SecurityEvent>> EventsAsync() => _stores.SecurityEvents.ReadEventsAsync(
        DateTimeOffset.MinValue, DateTimeOffset.MaxValue, default).ToListAsync().AsTask();

    private async Task<bool> FlagAsync(Stores stores, int? dieAt)
    {
        var killer = new Killer(dieAt);
        var flag = new FlagSuspiciousIps(
            killer.Around(stores.Timeline), killer.Around(stores.SuspiciousIps),
            new(killer.Around(stores.SecurityEvents), stores.Outbox, new(), _clock, NullLogger<RaiseSecurityEvent>.Instance),
            Options.Create(new SuspiciousIpOptions()), stores.Unreadable, _clock, NullLogger<FlagSuspiciousIps>.Instance);
        return await Killer.RunAsync(() => flag.ExecuteAsync(default)) is not null;
    }

    private async Task<AlertReport?> RunAsync(Stores stores, int? dieAt = null, Action<string>? before = null)
    {
        var killer = new Killer(dieAt, before);
        var (events, timeline, sessions) = (killer.Around(stores.SecurityEvents), killer.Around(stores.Timeline), killer.Around(stores.Sessions));
        var mails = new AlertMails(
            stores.Accounts, new(stores.Accounts, timeline, stores.Outbox, new(), _clock), _clock, NullLogger<AlertMails>.Instance);
        var alerts = new RaiseSecurityAlerts(
            timeline, events, sessions, stores.Log,
            new(sessions, timeline, _service.Cache, _service.Keys, new(stores.Outbox, new()), mails, new(_clock), _clock, new(_service.Meters),
                NullLogger<EndSession>.Instance),
            new(events, stores.Outbox, new(), _clock, NullLogger<RaiseSecurityEvent>.Instance), _service.FinishChanges,
            Options.Create(new RetentionOptions()), stores.Unreadable, _clock, _told);
        return await Killer.RunAsync(() => alerts.ExecuteAsync(default));
    }
}
