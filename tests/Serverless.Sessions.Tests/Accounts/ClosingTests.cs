namespace Serverless.Sessions.Tests.Accounts;

public sealed class ClosingTests : IDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromDays(30);

    private readonly Stores _stores = InMemoryStores.Create();
    private readonly FakeClock _clock = new();
    private readonly Service _service;

    public ClosingTests() => _service = new(_stores, _clock);

    private DateTimeOffset Now => _clock.GetUtcNow();

    public void Dispose() => _service.Dispose();

    [Fact]
    public async Task A_closed_account_has_no_sessions_and_its_password_says_until_when_it_can_be_restored()
    {
        var here = (await _service.LoginAsync()).Session;
        var there = (await _service.LoginAsync(here.Email)).Session;
        var closed = Assert.IsType<CloseAccountResult.Closed>(await _service.CloseAsync(here));
        Assert.Equal(_clock.Now() + Grace, closed.EraseAt);

        foreach (var session in new[] { here, there })
            Assert.Equal(EndReason.AccountClosed, (await _service.FindAsync(session)).Ending?.Reason);
        Assert.Equal(closed.EraseAt, Assert.IsType<StartSessionResult.AccountClosing>(await _service.TryLoginAsync(here.Email)).Until);
        Assert.IsType<StartSessionResult.InvalidCredentials>(await _service.TryLoginAsync(here.Email, "wrong password"));
        var entries = await _service.LogOfAsync(here.UserId);
        Assert.Single(entries, entry => entry.Action == LogAction.AccountClosing && entry.Client == Service.Client);
        Assert.Single(entries, entry => entry is { Success: false, Error: "account_closing" });
        Assert.Equal([MailKind.AccountClosing], await MailsAsync(here));
        // Only the wrong one counts.
        Assert.Equal(1, (await _stores.Accounts.ReadAsync(here.Email.ToAccountKey(), default)).Throttle.Failures);
    }

    [Fact]
    public async Task A_login_that_restores_an_account_opens_a_session_and_nothing_is_erased()
    {
        var session = (await _service.LoginAsync()).Session;
        await _service.CloseAsync(session);
        _clock.Advance(Grace - TimeSpan.FromSeconds(1));
        Assert.IsType<StartSessionResult.InvalidCredentials>(await _service.TryLoginAsync(session.Email, "wrong password", restore: true));
        Assert.IsType<StartSessionResult.Started>(await _service.TryLoginAsync(session.Email, restore: true));
        _clock.Advance(TimeSpan.FromDays(2));
        await _service.RaiseAlerts.ExecuteAsync(default);
        await _service.LoginAsync(session.Email);
        Assert.Single(await _service.LogOfAsync(session.UserId), entry => entry.Action == LogAction.AccountRestored);
        Assert.Equal([MailKind.AccountClosing, MailKind.AccountRestored], (await MailsAsync(session)).Order());
        Assert.Null((await AccountAsync(session))!.EraseAt);
    }

    [Fact]
    public async Task From_the_moment_on_in_which_it_is_to_be_erased_nothing_restores_an_account()
    {
        var session = (await _service.LoginAsync()).Session;
        await _service.CloseAsync(session);
        _clock.Advance(Grace);
        Assert.IsType<StartSessionResult.InvalidCredentials>(await _service.TryLoginAsync(session.Email, restore: true));
    }

    [Fact]
    public async Task A_wrong_password_closes_nothing_and_counts_like_that_of_a_login()
    {
        var session = (await _service.LoginAsync()).Session;
        for (var i = 0; i < 4; i++)
            Assert.Equal(new CloseAccountResult.WrongPassword(false), await _service.CloseAsync(session, "wrong password"));
        Assert.Equal(new CloseAccountResult.WrongPassword(true), await _service.CloseAsync(session, "wrong password"));
        for (var i = 0; i < 3; i++)
            Assert.IsType<CloseAccountResult.Locked>(await _service.CloseAsync(session));
        Assert.Null((await _service.FindAsync(session)).Ending);
        // Statistics and flags see attempts while locked, too.
        var activity = await _stores.Timeline.ReadActivityAsync(Now.AddHours(-1), Now, default).ToListAsync();
        Assert.Equal(8, activity.Count(each => each.Kind == ActivityKind.FailedLogin && each.UserId == session.UserId));
    }

    [Fact]
    public async Task An_administrator_is_closed_by_nobody_and_a_user_by_an_administrator_who_is_on_record()
    {
        var administrator = await _service.NewAdministratorAsync();
        var other = await _service.NewAdministratorAsync();
        var user = (await _service.LoginAsync()).Session;
        Assert.IsType<CloseAccountResult.IsAdministrator>(await _service.CloseAsync(administrator));
        Assert.IsType<CloseAccountResult.IsAdministrator>(await CloseForAsync(administrator.UserId));
        Assert.IsType<CloseAccountResult.IsAdministrator>(await CloseForAsync(other.UserId));
        Assert.IsType<CloseAccountResult.NoAccount>(await CloseForAsync(UserId.New(Now)));

        var closed = Assert.IsType<CloseAccountResult.Closed>(await CloseForAsync(user.UserId));
        Assert.True(closed.IsNew);
        _clock.Advance(TimeSpan.FromDays(1));
        // Closing it again doesn't put its end off.
        Assert.Equal(closed with { IsNew = false }, await CloseForAsync(user.UserId));
        Assert.Equal(EndReason.AccountClosed, (await _service.FindAsync(user)).Ending?.Reason);
        var entry = Assert.Single(await _service.LogOfAsync(user.UserId), entry => entry.Action == LogAction.AccountClosing);
        Assert.Equal((administrator.UserId, null), (entry.Administrator, entry.Client));
        Assert.IsType<StartSessionResult.Started>(await _service.TryLoginAsync(user.Email, restore: true));

        Task<CloseAccountResult> CloseForAsync(UserId id) => _service.CloseAccount.ExecuteAsync(administrator.UserId, id, default);
    }

    [Fact]
    public async Task A_disabled_account_that_is_closed_stays_disabled_until_it_is_erased_or_enabled()
    {
        var administrator = await _service.NewAdministratorAsync();
        var users = new[] { (await _service.LoginAsync()).Session, (await _service.LoginAsync()).Session };
        foreach (var user in users)
        {
            await SetAsync(user, AccountState.Disabled);
            Assert.IsType<CloseAccountResult.Closed>(await _service.CloseAccount.ExecuteAsync(administrator.UserId, user.UserId, default));
            Assert.IsType<StartSessionResult.InvalidCredentials>(await _service.TryLoginAsync(user.Email, restore: true));
        }

        await SetAsync(users[0], AccountState.Active);
        await _service.LoginAsync(users[0].Email);
        await EraseAsync();
        Assert.NotNull(await AccountAsync(users[0]));
        Assert.Null(await AccountAsync(users[1]));

        Task SetAsync(Session user, AccountState state) =>
            _service.ChangeAccount.ExecuteAsync(administrator, user.UserId, state, null, default);
    }

    [Fact]
    public async Task A_closing_that_dies_at_any_step_has_happened_or_not_and_what_has_happened_is_completed()
    {
        var outcomes = new HashSet<bool>();
        var steps = await Killer.AtEachStepAsync(async dieAt =>
        {
            using var test = new ClosingTests();
            var session = (await test._service.LoginAsync()).Session;
            var killer = new Killer(dieAt);
            using (var mortal = new Service(killer.Around(test._stores), test._clock))
            {
                var result = await Killer.RunAsync(() => mortal.CloseAsync(session));
                test._clock.Advance(TimeSpan.FromMinutes(5));
                await test._service.RaiseAlerts.ExecuteAsync(default);
                var account = (await test.AccountAsync(session))!;
                var isClosed = account.State == AccountState.Closing;
                outcomes.Add(isClosed);
                Assert.True(isClosed || result is null);
                Assert.Equal(isClosed, account.EraseAt is not null);
                Assert.Equal(isClosed ? EndReason.AccountClosed : null, (await test._service.FindAsync(session)).Ending?.Reason);
                Assert.Equal(isClosed ? [MailKind.AccountClosing] : [], await test.MailsAsync(session));
                await test.EraseAsync();
                Assert.Equal(!isClosed, await test.AccountAsync(session) is not null);
                return result is null;
            }
        });
        Assert.Equal(2, outcomes.Count);
        Assert.InRange(steps, 20, 60);
    }

    [Fact]
    public async Task What_an_administrator_does_for_a_user_is_in_the_history_of_the_user()
    {
        var session = (await _service.LoginAsync()).Session;
        using var mailing = new Service(_stores, _clock, sender: new MailSink());
        Assert.Equal(new SendPasswordResetResult.Sent(), await SendResetAsync(session.UserId));
        foreach (var result in (MarkEmailVerifiedResult[])[MarkEmailVerifiedResult.Verified, MarkEmailVerifiedResult.VerifiedBefore])
            Assert.Equal(result, await _service.MarkEmailVerified.ExecuteAsync(Service.Administrator, session.UserId, default));
        Assert.NotNull((await AccountAsync(session))!.EmailVerifiedAt);
        Assert.Equal([MailKind.ResetPassword], await MailsAsync(session));
        Assert.Equal(
            [LogAction.EmailVerified, LogAction.PasswordResetSent],
            (await _service.LogOfAsync(session.UserId)).Where(entry => entry.Administrator == Service.Administrator)
                .Select(entry => entry.Action).OrderBy(action => action.Name));
        Assert.Null((await _service.FindAsync(session)).Ending);
        Assert.Equal(new SendPasswordResetResult.NoAccount(), await SendResetAsync(UserId.New(Now)));
        await _service.CloseAsync(session);
        Assert.Equal(new SendPasswordResetResult.Sent(), await SendResetAsync(session.UserId));
        await _service.ChangeAccount.ExecuteAsync(await _service.NewAdministratorAsync(), session.UserId, AccountState.Disabled, null, default);
        Assert.Equal(new SendPasswordResetResult.Refused(ResetRefusal.NotRecoverable), await SendResetAsync(session.UserId));
        Assert.Equal(2, (await _service.LogOfAsync(session.UserId)).Count(entry => entry.Action == LogAction.PasswordResetSent));
        Assert.Equal(
            MarkEmailVerifiedResult.NoAccount, await _service.MarkEmailVerified.ExecuteAsync(Service.Administrator, UserId.New(Now), default));

        Task<SendPasswordResetResult> SendResetAsync(UserId user) =>
            mailing.SendPasswordReset.ExecuteAsync(Service.Administrator, user, default);
    }

    private async Task EraseAsync()
    {
        _clock.Advance(Grace);
        await _service.RaiseAlerts.ExecuteAsync(default);
        _clock.Advance(TimeSpan.FromMinutes(16));
        await _service.RaiseAlerts.ExecuteAsync(default);
    }

    private async Task<Account?> AccountAsync(Session session) =>
        (await _stores.Accounts.ReadAsync(session.Email.ToAccountKey(), default)).Account;

    private async Task<IReadOnlyList<MailKind>> MailsAsync(Session session) =>
        [.. (await _stores.Personal.ReadMailsAsync(session.Email.ToAccountKey(), default)).Select(mail => mail.Kind)];
}
