namespace Serverless.Sessions.Tests.Login;

public sealed class StepUpTests : IDisposable
{
    private readonly Stores _stores = InMemoryStores.Create();
    private readonly FakeClock _clock = new();
    private readonly Service _service;

    public StepUpTests() => _service = new(_stores, _clock);

    [Fact]
    public async Task A_step_up_is_in_an_access_token_at_once_and_in_the_next_refresh_of_the_refresh_token_from_before()
    {
        var started = await _service.LoginAsync();
        _clock.Advance(TimeSpan.FromHours(1));
        await CheckAsync(started.Session);

        var proved = await _service.StepUpAsync(started.Session);

        var now = new Authentication(_clock.GetUtcNow(), AuthenticationMethods.Password);
        Assert.Equal((now with { At = ToSecond(now.At) }, started.Session.Id), (proved.Access.Authentication, proved.Access.SessionId));
        var (_, read) = await _service.AccessTokens.ReadAsync(proved.AccessText, default);
        Assert.Equal(proved.Access.Authentication, read?.Authentication);
        Assert.DoesNotContain(proved.AccessText, proved.ToString(), StringComparison.Ordinal);
        // Not what the instance had read before.
        Assert.Equal(now, (await CheckAsync(started.Session)).Authentication);
        _clock.Advance(TimeSpan.FromMinutes(1));
        var refreshed = await _service.RefreshAsync(started.Tokens.RefreshText);
        Assert.Equal((now, 1), (refreshed.Refresh.Claims.Authentication, refreshed.Refresh.Generation));
        Assert.Equal(now, (await _service.RefreshAsync(refreshed.RefreshText)).Refresh.Claims.Authentication);
        Assert.Single(await _service.LogOfAsync(started.Session.UserId), entry =>
            entry.Action == LogAction.SteppedUp && entry.SessionId == started.Session.Id && entry.Client == Service.Client);
    }

    [Fact]
    public async Task A_refresh_of_another_tab_and_of_a_young_cookie_have_it_too()
    {
        var started = await _service.LoginAsync();
        await _service.RefreshAsync(started.Tokens.RefreshText);
        _clock.Advance(TimeSpan.FromSeconds(10));
        await _service.StepUpAsync(started.Session);
        var other = await _service.RefreshAsync(started.Tokens.RefreshText);
        Assert.Equal((_clock.GetUtcNow(), 1), (other.Refresh.Claims.Authentication.At, other.Refresh.Generation));
        var kept = Assert.IsType<RefreshSessionResult.Kept>(await _service.TryRefreshAsync(other.RefreshText, byCookie: true));
        Assert.Equal(ToSecond(_clock.GetUtcNow()), kept.Tokens.Access.Authentication.At);
    }

    [Theory]
    [InlineData(nameof(ISessionStore.TryStepUpAsync))]
    [InlineData(nameof(ISessionStore.TryRotateAsync))]
    public async Task Of_a_step_up_and_a_refresh_at_the_same_time_both_happen(string first)
    {
        var started = await _service.LoginAsync();
        _clock.Advance(TimeSpan.FromHours(1));
        IssuedTokens? refreshed = null;
        using var racing = NewService(Intercepted.Around(_stores.Sessions, before: Intercepted.Once(first, async () =>
        {
            if (first == nameof(ISessionStore.TryRotateAsync))
                await _service.StepUpAsync(started.Session);
            else
                refreshed = await _service.RefreshAsync(started.Tokens.RefreshText);
        })));

        if (first == nameof(ISessionStore.TryRotateAsync))
            refreshed = await racing.RefreshAsync(started.Tokens.RefreshText);
        else
            await racing.StepUpAsync(started.Session);

        var next = await _service.RefreshAsync(refreshed!.RefreshText);
        Assert.Equal((_clock.GetUtcNow(), 2), (next.Refresh.Claims.Authentication.At, next.Refresh.Generation));
        Assert.Equal(
            ["login", "stepped_up", "token_refresh", "token_refresh"],
            (await _service.LogOfAsync(started.Session.UserId)).Select(entry => entry.Action.Name).Order());
        await IsWholeAsync(started.Session);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_session_that_ends_meanwhile_is_not_proved_and_not_believed_any_more(bool isGone)
    {
        var started = await _service.LoginAsync();
        var meanwhile = Intercepted.Once(nameof(ISessionStore.TryStepUpAsync), async () =>
        {
            await _service.LogoutAsync(started.Session);
            if (isGone && await _stores.Sessions.FindAsync(started.Session.UserId, started.Session.Id, default) is { } ended)
                await _stores.Sessions.TryRemoveAsync(ended, null, default);
        });
        using var racing = NewService(Intercepted.Around(_stores.Sessions, before: meanwhile));
        Assert.IsType<CheckSessionResult.Valid>(await racing.CheckAsync(started.Session));

        var reason = isGone ? EndReason.Unknown : EndReason.Logout;
        Assert.Equal(new StepUpResult.Ended(reason), await racing.TryStepUpAsync(started.Session));
        Assert.Equal(new CheckSessionResult.Ended(reason), await racing.CheckAsync(started.Session));
        Assert.DoesNotContain(await _service.LogOfAsync(started.Session.UserId), entry => entry.Action == LogAction.SteppedUp);
    }

    [Fact]
    public async Task A_step_up_whose_reply_was_lost_is_done_and_recorded_once()
    {
        var started = await _service.LoginAsync();
        using var service = NewService(Intercepted.Around(_stores.Sessions, instead: (call, send) =>
            call == nameof(ISessionStore.TryStepUpAsync) ? SendTwiceAsync(send) : null));
        await service.StepUpAsync(started.Session);
        Assert.Single(await _service.LogOfAsync(started.Session.UserId), entry => entry.Action == LogAction.SteppedUp);
        await IsWholeAsync(started.Session);

        static async Task<bool> SendTwiceAsync(Func<Task> send)
        {
            await send();
            return await (Task<bool>)send();
        }
    }

    [Fact]
    public async Task Of_16_step_ups_at_the_same_time_each_is_recorded()
    {
        var started = await _service.LoginAsync();
        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => _service.StepUpAsync(started.Session)));
        Assert.Equal(16, (await _service.LogOfAsync(started.Session.UserId)).Count(entry => entry.Action == LogAction.SteppedUp));
        await IsWholeAsync(started.Session);
    }

    [Fact]
    public async Task Wrong_passwords_prove_nothing_and_lock_as_at_a_login()
    {
        var started = await _service.LoginAsync();
        for (var i = 0; i < 5; i++)
            Assert.Equal(new StepUpResult.WrongPassword(Locks: i == 4), await _service.TryStepUpAsync(started.Session, "a wrong password"));
        Assert.Equal(new StepUpResult.Locked(TimeSpan.FromSeconds(30)), await _service.TryStepUpAsync(started.Session));
        Assert.IsType<StartSessionResult.Locked>(await _service.TryLoginAsync(started.Session.Email));
        Assert.Equal(started.Session.Authentication, (await _service.FindAsync(started.Session)).Authentication);
    }

    [Fact]
    public async Task Who_has_a_password_can_step_up_by_it_and_who_has_none_cannot()
    {
        var session = (await _service.LoginAsync()).Session;
        Assert.Equal(new(HasPassword: true, Passkey: null), await _service.StartStepUp.ExecuteAsync(session, origin: null, default));
        await _service.Fence.ChangeAsync(
            session.Email.ToAccountKey(), (account, _) => new(account with { PasswordHash = null }, new(_clock.GetUtcNow())), default);
        Assert.Equal(new(HasPassword: false, Passkey: null), await _service.StartStepUp.ExecuteAsync(session, origin: null, default));
        Assert.IsType<StepUpResult.WrongPassword>(await _service.TryStepUpAsync(session));
    }

    [Theory]
    [InlineData("00:15:00", "00:15:00", true)]
    [InlineData("00:15:00", "00:15:00.001", false)]
    [InlineData("00:15:00", "-00:00:30", true)]
    [InlineData("00:00:00", "90.00:00:00", true)]
    public void A_proof_is_fresh_up_to_its_maximum_age_or_always_without_one(string maximum, string age, bool isFresh)
    {
        var options = new StepUpOptions { MaximumAge = TimeSpan.Parse(maximum, CultureInfo.InvariantCulture) };
        var policy = new SessionPolicies(new PolicyOptions(), new SessionOptions(), options).Of([], remember: false);
        var (now, passed) = (_clock.GetUtcNow(), TimeSpan.Parse(age, CultureInfo.InvariantCulture));
        Assert.Equal(isFresh, policy.IsFresh(new(now - passed, AuthenticationMethods.Password), now));
    }

    [Fact]
    public async Task Of_the_proofs_of_a_session_and_an_access_token_the_later_counts()
    {
        var session = (await _service.LoginAsync()).Session;
        var later = new Authentication(session.Authentication.At.AddSeconds(1), AuthenticationMethods.SoftwareKey);
        Assert.Equal(later, session.WithLater(later).Authentication);
        Assert.Equal(session, session.WithLater(later with { At = session.Authentication.At.AddSeconds(-1) }));
    }

    public void Dispose() => _service.Dispose();

    private static DateTimeOffset ToSecond(DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds());

    private Service NewService(ISessionStore sessions) => new(_stores with { Sessions = sessions }, _clock);

    private async Task<Session> CheckAsync(Session session) =>
        Assert.IsType<CheckSessionResult.Valid>(await _service.CheckAsync(session)).Session;

    private async Task IsWholeAsync(Session session) => Assert.Equal(
        new(Break: null), (await _service.AuditSession.ExecuteAsync(session.UserId, session.Id, default))!.Verdict);
}
