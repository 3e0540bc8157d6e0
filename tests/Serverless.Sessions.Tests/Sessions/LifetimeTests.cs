namespace Serverless.Sessions.Tests.Sessions;

public sealed class LifetimeTests : IDisposable
{
    private readonly Service _service = new(InMemoryStores.Create(), new());

    [Fact]
    public async Task A_lost_reply_is_repeated_after_the_token_has_expired_itself_as_long_as_the_session_lives()
    {
        var started = await _service.LoginAsync();
        _service.Clock.Advance(TimeSpan.FromHours(11));
        await _service.RefreshAsync(started.Tokens.RefreshText, "attempt-1");
        _service.Clock.Advance(TimeSpan.FromHours(11));
        var again = await _service.RefreshAsync(started.Tokens.RefreshText, "attempt-1");
        Assert.Equal(1, again.Refresh.Generation);
        Assert.Equal(2, (await _service.RefreshAsync(again.RefreshText)).Refresh.Generation);
    }

    [Fact]
    public async Task A_spent_token_ends_the_session_even_after_it_has_expired_itself()
    {
        var started = await _service.LoginAsync();
        _service.Clock.Advance(TimeSpan.FromHours(11));
        await _service.RefreshAsync(started.Tokens.RefreshText);
        _service.Clock.Advance(TimeSpan.FromHours(11));
        Assert.IsType<RefreshSessionResult.Reused>(await _service.TryRefreshAsync(started.Tokens.RefreshText));
        Assert.Equal(new CheckSessionResult.Ended(EndReason.TokenReuse), await _service.CheckAsync(started.Session));
    }

    [Fact]
    public async Task A_token_whose_session_was_purged_tells_its_own_expiry()
    {
        var started = await _service.LoginAsync();
        _service.Clock.Advance(TimeSpan.FromHours(14));
        await _service.Purge.ExecuteAsync(default);
        Assert.Equal(new RefreshSessionResult.Ended(EndReason.ExpiredIdle), await _service.TryRefreshAsync(started.Tokens.RefreshText));
    }

    [Fact]
    public async Task A_refresh_slides_the_expiry_but_never_beyond_the_absolute_one()
    {
        var started = await _service.LoginAsync(remember: true);
        var token = started.Tokens.RefreshText;
        for (var day = 29; day < 90; day += 29)
        {
            _service.Clock.Advance(TimeSpan.FromDays(29));
            var tokens = await _service.RefreshAsync(token);
            token = tokens.RefreshText;
            var slid = _service.Clock.GetUtcNow().AddDays(30);
            Assert.Equal(slid < started.Session.AbsoluteExpiresAt ? slid : started.Session.AbsoluteExpiresAt, tokens.Refresh.ExpiresAt);
        }

        _service.Clock.Advance(TimeSpan.FromDays(3));
        Assert.Equal(new RefreshSessionResult.Ended(EndReason.ExpiredAbsolute), await _service.TryRefreshAsync(token));
    }

    [Fact]
    public async Task A_session_is_over_at_its_idle_expiry_and_good_right_before()
    {
        var started = await _service.LoginAsync();
        _service.Clock.Advance(TimeSpan.FromHours(12) - TimeSpan.FromMilliseconds(1));
        Assert.IsType<CheckSessionResult.Valid>(await _service.CheckAsync(started.Session));
        _service.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(new CheckSessionResult.Ended(EndReason.ExpiredIdle), await _service.CheckAsync(started.Session));
        Assert.Equal(new RefreshSessionResult.Ended(EndReason.ExpiredIdle), await _service.TryRefreshAsync(started.Tokens.RefreshText));
    }

    [Fact]
    public async Task An_access_token_is_never_good_for_longer_than_its_session()
    {
        var token = (await _service.LoginAsync()).Tokens.RefreshText;
        _service.Clock.Advance(TimeSpan.FromHours(11.9));
        token = (await _service.RefreshAsync(token)).RefreshText;
        _service.Clock.Advance(TimeSpan.FromHours(11.9));
        var last = await _service.RefreshAsync(token);
        Assert.InRange(last.Access.ExpiresAt, last.Refresh.AbsoluteExpiresAt.AddSeconds(-1), last.Refresh.AbsoluteExpiresAt);
    }

    [Fact]
    public async Task A_refresh_raises_the_number_once_a_day_and_keeps_the_family()
    {
        var started = await _service.LoginAsync(remember: true);
        _service.Clock.Advance(TimeSpan.FromHours(23));
        var first = await _service.RefreshAsync(started.Tokens.RefreshText);
        _service.Clock.Advance(TimeSpan.FromHours(1));
        var second = await _service.RefreshAsync(first.RefreshText);
        _service.Clock.Advance(TimeSpan.FromHours(1));
        var third = await _service.RefreshAsync(second.RefreshText);
        Assert.Equal([0, 1, 1], new[] { first, second, third }.Select(tokens => tokens.Access.Number));
        Assert.All(new[] { first, second, third }, tokens => Assert.Equal(started.Session.Id, tokens.Access.SessionId));
        Assert.Equal(
            ["token_refresh", "session_regenerated", "token_refresh", "login"],
            (await _service.LogOfAsync(started.Session.UserId)).Select(entry => entry.Action.Name));
        Assert.Equal(1, (await _service.FindAsync(started.Session)).Number);
    }

    public void Dispose() => _service.Dispose();
}
