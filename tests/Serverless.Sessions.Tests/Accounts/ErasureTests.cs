namespace Serverless.Sessions.Tests.Accounts;

public sealed class ErasureTests : IDisposable
{
    private readonly Stores _stores = InMemoryStores.Create();
    private readonly FakeClock _clock = new();
    private readonly AccountOptions _options = new();
    private readonly Service _service;

    public ErasureTests() => _service = new(_stores, _clock, accountOptions: _options);

    public void Dispose() => _service.Dispose();

    [Fact]
    public async Task An_erasure_that_dies_at_any_step_of_either_pass_is_completed_by_the_runs_that_follow()
    {
        var steps = await Killer.AtEachStepAsync(async dieAt =>
        {
            using var test = new ErasureTests();
            var (user, other) = await test.LiveAsync();
            await test._service.CloseAsync(user);
            test._clock.Advance(TimeSpan.FromDays(31));
            var before = await test.CountsAsync();
            bool died;
            using (var mortal = new Service(new Killer(dieAt).Around(test._stores), test._clock))
            {
                died = await Killer.RunAsync(() => RunAsync(mortal)) is null;
                test._clock.Advance(TimeSpan.FromMinutes(16));
                died |= await Killer.RunAsync(() => RunAsync(mortal)) is null;
            }

            for (var i = 0; i < 2; i++)
            {
                await RunAsync(test._service);
                test._clock.Advance(TimeSpan.FromMinutes(16));
            }

            await test.AssertErasedAsync(user);
            await test.AssertUntouchedAsync(other, user);
            Assert.Equal(before, await test.CountsAsync());
            Assert.Single(await test.EventsAsync(), each => each.Kind == SecurityEventKind.AccountErased);
            Assert.Empty(await test._stores.Timeline.ReadDueChangesAsync(DateTimeOffset.MaxValue.AddDays(-1), default).ToListAsync());
            return died;
        });
        Assert.InRange(steps, 60, 400);
    }

    [Fact]
    public async Task Each_run_of_an_erasure_that_is_over_after_every_step_gets_further()
    {
        var (user, _) = await LiveAsync();
        await _service.CloseAsync(user);
        _clock.Advance(TimeSpan.FromDays(31));
        var runs = 0;
        for (; await FindAsync(user) is not null; runs++)
        {
            // A few entries of the history, or steps of events.
            var asked = 0;
            await _service.FinishChanges.ExecuteAsync(() => asked++ > 2, default);
            _clock.Advance(TimeSpan.FromMinutes(1));
            Assert.InRange(runs, 0, 60);
        }

        Assert.InRange(runs, 10, 60);
        await AssertErasedAsync(user);
    }

    [Fact]
    public async Task An_account_that_fails_unexpectedly_holds_up_no_other_and_the_run_fails_at_its_end()
    {
        var users = new[] { (await LiveAsync()).User, (await LiveAsync()).User };
        foreach (var user in users)
            await _service.CloseAsync(user);
        _clock.Advance(TimeSpan.FromDays(31));
        var reads = 0;
        Action<string> before = Intercepted.At(nameof(IAccountStore.ReadAsync), () =>
        {
            if (reads++ == 0)
                throw new FormatException();
        });
        using var service = new Service(_stores with { Accounts = Intercepted.Around(_stores.Accounts, before) }, _clock);
        await Assert.ThrowsAsync<FormatException>(() => RunAsync(service));
        Assert.Contains(await Task.WhenAll(users.Select(FindAsync)), account => account!.State == AccountState.Erasing);
    }

    [Fact]
    public async Task What_a_request_under_way_writes_behind_the_first_pass_goes_with_the_second()
    {
        var (user, _) = await LiveAsync();
        await _service.CloseAsync(user);
        _clock.Advance(TimeSpan.FromDays(31));
        var now = _clock.GetUtcNow();
        await RunAsync(_service);
        await _stores.Timeline.RecordAsync(
            new(ActivityKind.FailedLogin, now, "203.0.113.7", user.Email.ToAccountKey(), user.UserId), default);
        await _stores.Log.AppendAsync(
            LogOwner.Of(user.UserId), new(LogAction.Login, now, Client: Service.Client, Success: false), default);
        await _stores.SecurityEvents.TryAddAsync(
            new(Guid.NewGuid(), SecurityEventKind.FailedLoginBurst, now, "203.0.113.7", user.UserId), default);
        await _stores.Epochs.TryOpenEpochAsync((await FindAsync(user))!, null, default);

        _clock.Advance(TimeSpan.FromMinutes(14));
        await RunAsync(_service);
        Assert.NotNull(await FindAsync(user));
        _clock.Advance(TimeSpan.FromMinutes(2));
        await RunAsync(_service);
        await AssertErasedAsync(user);
    }

    [Fact]
    public async Task Days_before_the_account_and_activity_without_an_entry_since_the_erasure_began_go_too()
    {
        var email = Service.NewEmail();
        await _service.TryLoginAsync(email, "wrong password");
        _clock.Advance(TimeSpan.FromDays(2));
        await _service.RollUp.ExecuteAsync(default);
        var session = (await _service.LoginAsync((await _service.CreateAccountAsync(email)).Email)).Session;
        Assert.Contains(
            await _stores.Statistics.ReadAsync(DateOnly.MinValue, DayStatistics.Of(session.CreatedAt).AddDays(-1), default).ToListAsync(),
            day => day.Names(session.UserId, email.ToAccountKey()));
        await _service.CloseAsync(session);
        _clock.Advance(TimeSpan.FromDays(31));

        foreach (var wait in (int[])[30, 10, 16])
        {
            await RecordAsync();
            _clock.Advance(TimeSpan.FromMinutes(wait));
            await RecordAsync();
            await RunAsync(_service);
        }

        await AssertErasedAsync(session);

        Task RecordAsync() => _stores.Timeline.RecordAsync(
            new(ActivityKind.FailedLogin, _clock.GetUtcNow(), "203.0.113.7", email.ToAccountKey(), session.UserId), default);
    }

    [Fact]
    public async Task An_account_that_is_being_erased_is_found_changed_and_logged_in_to_by_nobody_and_its_email_is_taken()
    {
        var (user, _) = await LiveAsync();
        await _service.CloseAsync(user);
        _clock.Advance(TimeSpan.FromDays(31));
        await RunAsync(_service);
        var erasing = (await FindAsync(user))!;
        Assert.Equal((AccountState.Erasing, null), (erasing.State, erasing.PasswordHash));
        Assert.Empty(erasing.Roles);

        Assert.IsType<StartSessionResult.InvalidCredentials>(await _service.TryLoginAsync(user.Email, restore: true));
        Assert.Null(await _service.FindAccount.ExecuteAsync(user.UserId, default));
        Assert.False(await _service.SetPassword.ExecuteAsync(user.Email, new(Service.Password), null, null, null, default));
        await _service.ChangeAccount.ExecuteAsync(user.Email.ToAccountKey(), AccountState.Active, [Roles.Admin], default);
        Assert.Equal(erasing, await FindAsync(user));
        Assert.DoesNotContain((await _stores.Accounts.ListAsync(null, 100, default)).Accounts, account => account.Id == user.UserId);
        var taken = await _service.CreateAccount.ExecuteAsync(user.Email, new(Service.Password), [], null, default);
        Assert.IsType<CreateAccountResult.EmailTaken>(taken);

        // The attempt is in the log of the email, not in that of the user.
        Assert.Empty((await _stores.Log.ReadAsync(LogOwner.Of(user.UserId), null, 10, default)).Entries);
        Assert.Single((await _stores.Log.ReadAsync(LogOwner.Of(user.Email.ToAccountKey()), null, 10, default)).Entries);
        _clock.Advance(TimeSpan.FromMinutes(16));
        await RunAsync(_service);
        await AssertErasedAsync(user);
        await _service.CreateAccountAsync(user.Email);
    }

    [Fact]
    public async Task Without_a_grace_an_account_is_erased_by_the_next_run_and_its_row_waits_for_the_mail_that_says_so()
    {
        _options.DeletionGrace = TimeSpan.Zero;
        var (user, _) = await LiveAsync();
        await _service.CloseAsync(user);
        Assert.IsType<StartSessionResult.InvalidCredentials>(await _service.TryLoginAsync(user.Email, restore: true));
        await RunAsync(_service);
        Assert.Empty(await _stores.Sessions.ListAsync(user.UserId, default));
        for (var hours = 0; hours < 5; hours++)
        {
            _clock.Advance(TimeSpan.FromHours(1));
            await RunAsync(_service);
            Assert.NotNull(await FindAsync(user));
        }

        var mail = Assert.Single(await _stores.Personal.ReadMailsAsync(user.Email.ToAccountKey(), default));
        Assert.Equal(MailKind.AccountClosing, mail.Kind);
        await _stores.Accounts.RemoveIntentAsync(user.Email.ToAccountKey(), mail.Id, default);
        _clock.Advance(TimeSpan.FromHours(1));
        await RunAsync(_service);
        await AssertErasedAsync(user);
    }

    [Fact]
    public async Task The_timers_step_over_what_pointed_at_an_erased_user()
    {
        var (user, other) = await LiveAsync();
        await _service.CloseAsync(user);
        _clock.Advance(TimeSpan.FromDays(31));
        for (var i = 0; i < 2; i++)
        {
            await RunAsync(_service);
            _clock.Advance(TimeSpan.FromMinutes(16));
        }

        _clock.Advance(TimeSpan.FromDays(100));
        var purge = await _service.Purge.ExecuteAsync(default);
        Assert.Equal((0, true), (purge.Unreadable, purge.Finished));
        Assert.True((await _service.RollUp.ExecuteAsync(default)).Finished);
        Assert.True((await _service.RaiseAlerts.ExecuteAsync(default)).Finished);
        var retention = await _service.PurgeOldLogs.ExecuteAsync(default);
        Assert.Equal((0, true), (retention.Unreadable, retention.Finished));
        Assert.Empty(await _stores.Timeline.ReadDueAsync(_clock.GetUtcNow(), default).ToListAsync());
        await AssertErasedAsync(user);
        Assert.NotNull(await FindAsync(other));
    }

    [Fact]
    public async Task An_end_that_a_purge_records_past_the_hour_of_its_entry_is_found_by_the_erasure()
    {
        var session = (await _service.LoginAsync()).Session;
        _clock.Set(session.ExpiresAt.StartOfHour().AddHours(1).AddMinutes(57));
        var sessions = Intercepted.Around(_stores.Sessions, Intercepted.Once(nameof(ISessionStore.FindAsync), () =>
        {
            _clock.Advance(TimeSpan.FromMinutes(6));
            return Task.CompletedTask;
        }));
        using (var slow = new Service(_stores with { Sessions = sessions }, _clock))
            Assert.Equal(1, (await slow.Purge.ExecuteAsync(default)).Expired);
        _clock.Advance(TimeSpan.FromDays(1));
        await _service.CloseAsync((await _service.LoginAsync(session.Email)).Session);
        _clock.Advance(TimeSpan.FromDays(31));
        await RunAsync(_service);
        _clock.Advance(TimeSpan.FromMinutes(16));
        await RunAsync(_service);
        await AssertErasedAsync(session);
    }

    // All kinds of rows: with notices, messages, a lock that reaches into the next hour, and a failed login from before the account.
    private async Task<(Session User, Session Other)> LiveAsync()
    {
        _clock.Set(_clock.GetUtcNow().StartOfHour().AddMinutes(58));
        await _service.RaiseAlerts.ExecuteAsync(default);
        var email = Service.NewEmail();
        await _service.TryLoginAsync(email, "wrong password");
        // The other one has the main copy of their conversation, which delivers to the copies of others.
        var other = (await _service.LoginAsync()).Session;
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        await _service.CreateAccountAsync(email);
        var first = await _service.LoginAsync(email);
        await _service.RefreshAsync(first.Tokens.RefreshText);
        await _service.LogoutAsync(first.Session);
        var session = (await _service.LoginAsync(email, client: Service.Client with { Device = "a phone" })).Session;
        await _service.SendMessage.ExecuteAsync(session.UserId, other.UserId, "hello", "a key of mine", default);
        await _service.SendMessage.ExecuteAsync(other.UserId, session.UserId, "hello?", "a key of theirs", default);
        for (var i = 0; i < 5; i++)
            await _service.TryLoginAsync(email, "wrong password", client: Service.Client with { IpAddress = $"203.0.113.{i}" });
        await _service.RaiseAlerts.ExecuteAsync(default);
        // The last three are in the next hour, which no entry of the history is.
        for (var (failures, at) = (5, 0); at < 6; at++)
        {
            _clock.Advance(TimeSpan.FromSeconds(30));
            if (await _service.TryLoginAsync(email, "wrong password") is not StartSessionResult.Locked)
                failures++;
            Assert.InRange(failures, 5, 9);
        }

        _clock.Advance(TimeSpan.FromHours(1));
        await _service.RollUp.ExecuteAsync(default);
        Assert.Contains(await EventsAsync(), each => each.UserId == session.UserId);
        return (session, other);
    }

    private async Task AssertErasedAsync(Session user)
    {
        var (id, key) = (user.UserId, user.Email.ToAccountKey());
        Assert.Equal(new StoredAccount(null, Throttle.Clear), await _stores.Accounts.ReadAsync(key, default));
        Assert.Empty(await _stores.Personal.ReadMailsAsync(key, default));
        Assert.Empty(await _stores.Epochs.ListEpochsAsync(id, default));
        Assert.Empty(await _stores.Sessions.ListAsync(id, default));
        foreach (var owner in new[] { LogOwner.Of(id), LogOwner.Of(key) })
            Assert.Empty((await _stores.Log.ReadAsync(owner, null, 10, default)).Entries);
        Assert.Empty(await _stores.Mailbox.ReadNoticesAsync(id, 0, 10, default));
        Assert.Empty(await _stores.Mailbox.ListConversationsAsync(id, default).ToListAsync());
        var activities = await ActivitiesAsync();
        Assert.DoesNotContain(activities, each => each.UserId == id || each.AccountKey == key || each.SessionId == user.Id || each.Id == user.Id.ToGuid());
        Assert.DoesNotContain(await EventsAsync(), each => each.UserId == id);
        Assert.DoesNotContain(
            await _stores.Statistics.ReadAsync(DateOnly.MinValue, DateOnly.MaxValue, default).ToListAsync(), day => day.Names(id, key));
    }

    private async Task AssertUntouchedAsync(Session other, Session user)
    {
        Assert.Equal(2, (await _service.ReadConversation.OpenAsync(other.UserId, user.UserId, 10, default)).Messages.Count);
        var again = await _service.SendMessage.ExecuteAsync(other.UserId, user.UserId, "hello?", "a key of theirs", default);
        Assert.IsType<SendMessageResult.SentBefore>(again);
        Assert.Empty(await _stores.Mailbox.ListConversationsAsync(user.UserId, default).ToListAsync());
        Assert.NotNull(await FindAsync(other));
        Assert.NotEmpty(await _service.LogOfAsync(other.UserId));
        var copy = await _stores.Mailbox.FindConversationAsync(other.UserId, user.UserId, default);
        Assert.Equal(["hello", "hello?"], (await _stores.Mailbox.ReadMessagesAsync(copy, 1, 9, 9, default)).Select(message => message.Body));
        Assert.Contains(await ActivitiesAsync(), each => each.UserId == other.UserId);
    }

    // What statistics count of the activity, whoever it was.
    private async Task<string> CountsAsync()
    {
        var days = (await ActivitiesAsync()).GroupBy(each => DayStatistics.Of(each.At)).OrderBy(day => day.Key);
        return string.Join('\n', days.Select(day =>
        {
            var count = new DayCount(DayStatistics.StartOf(day.Key));
            foreach (var activity in day)
                count.Add(activity);
            var counted = count.ToStatistics(default, null);
            return $"{day.Key} {counted.Logins} {counted.FailedLogins} {counted.Durations.Count} {counted.Refreshes} "
                + $"{string.Join(',', counted.EndedByReason)} {string.Join(',', counted.ActiveBySystem)} {string.Join(',', counted.ActiveByBrowser)}";
        }));
    }

    private static async Task<object> RunAsync(Service service) => await service.FinishChanges.ExecuteAsync(() => false, default);

    private async Task<Account?> FindAsync(Session session) =>
        (await _stores.Accounts.ReadAsync(session.Email.ToAccountKey(), default)).Account;

    private async Task<List<Activity>> ActivitiesAsync() =>
        await _stores.Timeline.ReadActivityAsync(DateTimeOffset.MinValue, DateTimeOffset.MaxValue, default).ToListAsync();

    private async Task<List<SecurityEvent>> EventsAsync() =>
        await _stores.SecurityEvents.ReadEventsAsync(DateTimeOffset.MinValue, DateTimeOffset.MaxValue, default).ToListAsync();
}
