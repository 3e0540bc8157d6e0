namespace Serverless.Sessions.Tests.Policies;

public sealed class PolicyTests : IDisposable
{
    private const string Hasty = "hasty";
    private static readonly TimeSpan Inactivity = TimeSpan.FromMinutes(15);

    private readonly Stores _stores = InMemoryStores.Create();
    private readonly FakeClock _clock = new();
    private readonly Service _service;

    public PolicyTests() => _service = NewService();

    [Fact]
    public async Task A_session_whose_user_does_nothing_ends_however_often_it_is_refreshed()
    {
        var started = await LoginAsync();
        Assert.Equal(started.Session.CreatedAt + Inactivity, started.Session.ExpiresAt);
        Assert.InRange(started.Tokens.Access.ExpiresAt, started.Session.ExpiresAt.AddSeconds(-1), started.Session.ExpiresAt);

        _clock.Advance(TimeSpan.FromMinutes(14));
        var idle = await _service.RefreshAsync(started.Tokens.RefreshText, idleFor: TimeSpan.FromMinutes(10));
        Assert.Equal(TimeSpan.FromMinutes(5), idle.Refresh.ExpiresAt - _clock.GetUtcNow());
        Assert.InRange(idle.Access.ExpiresAt, idle.Refresh.ExpiresAt.AddSeconds(-1), idle.Refresh.ExpiresAt);
        _clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(new CheckSessionResult.Ended(EndReason.Inactive), await _service.CheckAsync(started.Session));
        Assert.Equal(new RefreshSessionResult.Ended(EndReason.Inactive), await _service.TryRefreshAsync(idle.RefreshText));
        _clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(1, (await _service.Purge.ExecuteAsync(default)).Expired);
        Assert.Equal("inactive", (await _service.LogOfAsync(started.Session.UserId))[0].Error);
        Assert.Equal(new RefreshSessionResult.Ended(EndReason.Inactive), await _service.TryRefreshAsync(idle.RefreshText));
    }

    [Fact]
    public async Task A_refresh_that_tells_of_too_long_an_inactivity_ends_the_session_with_a_record()
    {
        var started = await LoginAsync();
        _clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(
            new RefreshSessionResult.Ended(EndReason.Inactive), await _service.TryRefreshAsync(started.Tokens.RefreshText, idleFor: Inactivity));
        Assert.Equal(EndReason.Inactive, (await _service.FindAsync(started.Session)).Ending!.Reason);
        var entry = (await _service.LogOfAsync(started.Session.UserId))[0];
        Assert.Equal((LogAction.SessionExpired, "inactive"), (entry.Action, entry.Error));
        Assert.Contains(((InMemoryStores)_stores.Sessions).Revocations, each => each.Session == started.Session.Id);
        Assert.Equal(new RefreshSessionResult.Ended(EndReason.Inactive), await _service.TryRefreshAsync(started.Tokens.RefreshText));
    }

    [Fact]
    public async Task An_inactive_tab_does_not_end_a_session_that_an_active_one_refreshes_at_the_same_time()
    {
        var started = await LoginAsync();
        _clock.Advance(TimeSpan.FromMinutes(10));
        using var other = NewService();
        var racing = Intercepted.Around(_stores.Sessions, Intercepted.Once(
            nameof(ISessionStore.TryEndAsync), () => other.RefreshAsync(started.Tokens.RefreshText)));
        using var service = NewService(_stores with { Sessions = racing });
        Assert.Equal(1, (await service.RefreshAsync(started.Tokens.RefreshText, idleFor: Inactivity)).Refresh.Generation);
        Assert.IsType<CheckSessionResult.Valid>(await _service.CheckAsync(started.Session));
    }

    [Fact]
    public async Task A_user_who_comes_back_stays_also_with_a_young_token_in_a_cookie()
    {
        var started = await LoginAsync();
        _clock.Advance(TimeSpan.FromMinutes(14));
        var idle = Assert.IsType<RefreshSessionResult.Refreshed>(
            await _service.TryRefreshAsync(started.Tokens.RefreshText, byCookie: true, idleFor: TimeSpan.FromMinutes(14))).Tokens;
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.IsType<RefreshSessionResult.Kept>(
            await _service.TryRefreshAsync(idle.RefreshText, byCookie: true, idleFor: TimeSpan.FromSeconds(850)));
        var back = Assert.IsType<RefreshSessionResult.Refreshed>(await _service.TryRefreshAsync(idle.RefreshText, byCookie: true)).Tokens;
        Assert.Equal(Inactivity, back.Refresh.ExpiresAt - _clock.GetUtcNow());
        Assert.IsType<RefreshSessionResult.Kept>(await _service.TryRefreshAsync(back.RefreshText, byCookie: true));
    }

    [Fact]
    public async Task A_changed_role_takes_hold_at_the_next_refresh_in_both_directions()
    {
        var account = await _service.CreateAccountAsync();
        var started = await _service.LoginAsync(account.Email, remember: true);
        _clock.Advance(TimeSpan.FromHours(1));
        await GiveAsync("reader", Hasty);
        Assert.Equal(started.Session.ExpiresAt, (await _service.FindAsync(started.Session)).ExpiresAt);
        var hasty = await _service.RefreshAsync(started.Tokens.RefreshText);
        Assert.Equal(
            (Inactivity, started.Session.CreatedAt.AddHours(8)), (hasty.Refresh.ExpiresAt - _clock.GetUtcNow(), hasty.Refresh.AbsoluteExpiresAt));

        _clock.Advance(TimeSpan.FromMinutes(10));
        await GiveAsync("reader");
        var free = await _service.RefreshAsync(hasty.RefreshText, idleFor: Inactivity);
        Assert.Equal(
            (TimeSpan.FromDays(30), started.Session.AbsoluteExpiresAt, EndReason.ExpiredIdle),
            (free.Refresh.ExpiresAt - _clock.GetUtcNow(), free.Refresh.AbsoluteExpiresAt, free.Refresh.ExpiryReason));

        _clock.Advance(TimeSpan.FromHours(8));
        await GiveAsync("reader", Hasty);
        Assert.Equal(new RefreshSessionResult.Ended(EndReason.ExpiredAbsolute), await _service.TryRefreshAsync(free.RefreshText));

        Task GiveAsync(params string[] roles) =>
            _service.PropagateRoles.ExecuteAsync(account.Id, account.Email, roles, Actor.Of(Service.Administrator));
    }

    [Fact]
    public async Task A_token_of_the_previous_release_keeps_its_absolute_expiry_until_the_session_is_read()
    {
        var started = await LoginAsync();
        var absolute = started.Session.CreatedAt.AddHours(20);
        var old = started.Tokens.Refresh with { CreatedAt = null, AbsoluteExpiresAt = absolute };
        _clock.Advance(TimeSpan.FromMinutes(1));
        var next = await _service.RefreshAsync(await _service.WriteAsync(old));
        Assert.Equal((absolute, null), (next.Refresh.AbsoluteExpiresAt, next.Refresh.CreatedAt));
        await _service.StepUpAsync(started.Session);
        var read = await _service.RefreshAsync(next.RefreshText);
        Assert.Equal((started.Session.AbsoluteExpiresAt, started.Session.CreatedAt), (read.Refresh.AbsoluteExpiresAt, read.Refresh.CreatedAt));
    }

    [Fact]
    public async Task A_single_session_is_the_newest_and_other_roles_have_as_many_as_they_like()
    {
        var hasty = (await _service.CreateAccountAsync(role: Hasty)).Email;
        var first = await _service.LoginAsync(hasty);
        _clock.Advance(TimeSpan.FromSeconds(1));
        var second = await _service.LoginAsync(hasty);
        Assert.Equal(new CheckSessionResult.Ended(EndReason.Evicted), await _service.CheckAsync(first.Session));
        Assert.IsType<CheckSessionResult.Valid>(await _service.CheckAsync(second.Session));
        var reader = (await _service.CreateAccountAsync()).Email;
        first = await _service.LoginAsync(reader);
        await _service.LoginAsync(reader);
        Assert.IsType<CheckSessionResult.Valid>(await _service.CheckAsync(first.Session));
    }

    [Fact]
    public async Task An_expiry_of_a_row_that_another_instance_may_have_refreshed_is_looked_up_before_it_is_told()
    {
        var started = await LoginAsync();
        _clock.Advance(Inactivity - TimeSpan.FromSeconds(2));
        Assert.IsType<CheckSessionResult.Valid>(await _service.CheckAsync(started.Session));
        using var other = NewService();
        var tokens = await other.RefreshAsync(started.Tokens.RefreshText);
        _clock.Advance(TimeSpan.FromSeconds(2));
        var good = Assert.IsType<CheckSessionResult.Valid>(await _service.CheckAsync(started.Session));
        Assert.Equal(tokens.Refresh.ExpiresAt, good.Session.ExpiresAt);
        _clock.Advance(Inactivity - TimeSpan.FromSeconds(2));
        Assert.Equal(new CheckSessionResult.Ended(EndReason.Inactive), await _service.CheckAsync(started.Session));
    }

    public void Dispose() => _service.Dispose();

    private Service NewService(Stores? stores = null) => new(stores ?? _stores, _clock, policyOptions: SessionPoliciesTests.Options((Hasty, new()
    {
        AbsoluteLifetime = TimeSpan.FromHours(8), Inactivity = Inactivity, MaximumSessions = 1, AllowRemember = false,
    })));

    private async Task<StartSessionResult.Started> LoginAsync() =>
        await _service.LoginAsync((await _service.CreateAccountAsync(role: Hasty)).Email, remember: true);
}
