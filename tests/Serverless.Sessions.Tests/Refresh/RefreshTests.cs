namespace Serverless.Sessions.Tests.Refresh;

public sealed class RefreshTests : IDisposable
{
    private readonly Service _service = new(InMemoryStores.Create(), new());

    [Fact]
    public async Task A_rotation_without_an_attempt_forgets_the_attempt_before_it()
    {
        var first = await _service.RefreshAsync((await _service.LoginAsync()).Tokens.RefreshText, "attempt-1");
        await _service.RefreshAsync(first.RefreshText);
        _service.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.IsType<RefreshSessionResult.Reused>(await _service.TryRefreshAsync(first.RefreshText, "attempt-1"));
    }

    [Fact]
    public async Task A_token_older_than_the_grace_ends_the_session()
    {
        var started = await _service.LoginAsync();
        var current = await _service.RefreshAsync(started.Tokens.RefreshText);
        _service.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.IsType<RefreshSessionResult.Reused>(await _service.TryRefreshAsync(started.Tokens.RefreshText));
        Assert.Equal(new RefreshSessionResult.Ended(EndReason.TokenReuse), await _service.TryRefreshAsync(current.RefreshText));
        Assert.Equal(new RefreshSessionResult.Ended(EndReason.TokenReuse), await _service.TryRefreshAsync(started.Tokens.RefreshText));
        Assert.Single(await _service.LogOfAsync(started.Session.UserId), entry => entry.Action == LogAction.TokenReuse);
    }

    [Fact]
    public async Task A_row_that_something_else_touched_is_rotated_from_its_new_state()
    {
        var started = await _service.LoginAsync();
        var stale = started.Tokens.Refresh with { Version = new("another state"), Claims = new(["stale"], default) };
        var refreshed = await _service.RefreshAsync(await _service.WriteAsync(stale));
        Assert.Equal(1, refreshed.Refresh.Generation);
        Assert.Equal(started.Session.Claims, refreshed.Refresh.Claims);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_row_that_storage_set_back_is_rotated_from_the_tokens_generation(bool byCookie)
    {
        var started = await _service.LoginAsync();
        var ahead = started.Tokens.Refresh with { Version = new("a state that was lost"), Generation = 7 };
        var result = await _service.TryRefreshAsync(await _service.WriteAsync(ahead), byCookie: byCookie);
        Assert.Equal(8, Assert.IsType<RefreshSessionResult.Refreshed>(result).Tokens.Refresh.Generation);
        Assert.Equal(8, (await _service.FindAsync(started.Session)).Generation);
    }

    public void Dispose() => _service.Dispose();
}
