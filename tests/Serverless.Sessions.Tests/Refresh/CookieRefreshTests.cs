namespace Serverless.Sessions.Tests.Refresh;

/// <summary>In a browser a late answer can bring an older token back into the cookie.</summary>
public sealed class CookieRefreshTests : IDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);
    private readonly Service _service = new(InMemoryStores.Create(), new());

    [Fact]
    public async Task A_young_token_is_kept_with_a_new_access_token_and_nothing_is_written()
    {
        var started = await _service.LoginAsync();
        _service.Clock.Advance(Grace - TimeSpan.FromMilliseconds(1));
        var kept = await KeptAsync(started.Tokens.RefreshText);
        Assert.Equal(started.Tokens.Refresh, kept.Refresh);
        Assert.InRange(_service.Clock.GetUtcNow() - kept.Access.IssuedAt, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.Equal(0, (await _service.FindAsync(started.Session)).Generation);
        Assert.Single(await _service.LogOfAsync(started.Session.UserId));
    }

    [Fact]
    public async Task A_late_answer_that_brings_a_token_back_brings_back_the_current_one()
    {
        var jar = (await _service.LoginAsync()).Tokens.RefreshText;
        _service.Clock.Advance(TimeSpan.FromMinutes(25));
        var late = await RotatedAsync(jar);
        _service.Clock.Advance(TimeSpan.FromSeconds(1));
        jar = (await RotatedAsync(jar)).RefreshText;
        // The other tab goes on refreshing while the first answer is still on its way.
        for (var i = 0; i < 5; i++)
        {
            _service.Clock.Advance(TimeSpan.FromSeconds(5));
            await KeptAsync(jar);
        }

        jar = late.RefreshText;
        _service.Clock.Advance(TimeSpan.FromMinutes(25));
        Assert.Equal(2, (await RotatedAsync(jar)).Refresh.Generation);
    }

    [Fact]
    public async Task A_young_token_of_a_session_that_is_over_is_refused()
    {
        var started = await _service.LoginAsync();
        await _service.LogoutAsync(started.Session);
        Assert.Equal(new RefreshSessionResult.Ended(EndReason.Logout), await TryAsync(started.Tokens.RefreshText));
    }

    [Fact]
    public async Task A_young_token_that_a_body_rotated_is_another_tab_within_the_grace_and_reuse_after_it()
    {
        var started = await _service.LoginAsync();
        await _service.RefreshAsync(started.Tokens.RefreshText);
        Assert.Equal(1, (await RotatedAsync(started.Tokens.RefreshText)).Refresh.Generation);
        _service.Clock.Advance(Grace);
        Assert.IsType<RefreshSessionResult.Reused>(await TryAsync(started.Tokens.RefreshText));
    }

    [Fact]
    public async Task Of_64_refreshes_with_one_cookie_one_rotates_and_all_stay_with_it()
    {
        var started = await _service.LoginAsync();
        _service.Clock.Advance(Grace);
        foreach (var tokens in await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => RotatedAsync(started.Tokens.RefreshText))))
            await KeptAsync(tokens.RefreshText);
        Assert.Equal(1, (await _service.FindAsync(started.Session)).Generation);
    }

    public void Dispose() => _service.Dispose();

    private Task<RefreshSessionResult> TryAsync(string text) => _service.TryRefreshAsync(text, byCookie: true);

    private async Task<IssuedTokens> RotatedAsync(string text) =>
        Assert.IsType<RefreshSessionResult.Refreshed>(await TryAsync(text)).Tokens;

    private async Task<IssuedTokens> KeptAsync(string text) => Assert.IsType<RefreshSessionResult.Kept>(await TryAsync(text)).Tokens;
}
