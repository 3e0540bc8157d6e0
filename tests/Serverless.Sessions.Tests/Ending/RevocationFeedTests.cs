namespace Serverless.Sessions.Tests.Ending;

public sealed class RevocationFeedTests : IDisposable
{
    private readonly Service _service = new(InMemoryStores.Create(), new());

    public void Dispose() => _service.Dispose();

    [Fact]
    public async Task It_says_who_says_so_and_until_when_and_is_no_access_token()
    {
        var token = (await _service.Revocations.ExecuteAsync(null, default)).Token;
        var claims = Part(token, 1);
        Assert.Equal("revocations+jwt", Part(token, 0).GetProperty("typ").GetString());
        Assert.Equal("http://localhost:7071/api", claims.GetProperty("iss").GetString());
        Assert.Equal(_service.Clock.GetUtcNow().ToUnixTimeSeconds(), claims.GetProperty("iat").GetInt64());
        Assert.Equal(_service.Clock.GetUtcNow().ToUnixTimeSeconds() + 6, claims.GetProperty("exp").GetInt64());
        Assert.Empty(Sessions(token));
        Assert.Equal(TokenCheck.Invalid, (await _service.AccessTokens.ReadAsync(token, default)).Check);
    }

    [Theory]
    [InlineData(3600, 30)]
    [InlineData(30, 3600)]
    [InlineData(1800, 1800)]
    public async Task An_ended_session_is_in_it_for_as_long_as_a_verifier_may_believe_a_token_of_any_setting(int issued, int now)
    {
        using Service former = NewService(issued), present = NewService(now);
        var account = await former.CreateAccountAsync();
        var started = await former.LoginAsync(account.Email);
        await former.LoginAsync(account.Email);
        await present.LogoutAsync(started.Session);

        var (sid, before) = Assert.Single(await ReadAsync(from: present));
        Assert.Equal(started.Session.Id.ToString(), sid);
        Assert.True(started.Tokens.Access.IssuedAt.ToUnixTimeSeconds() < before);

        // The longest life that can be set, and what JWT libraries forgive.
        _service.Clock.Advance(SessionEnding.LastTokens + TimeSpan.FromMinutes(60 + 5));
        Assert.Single(await ReadAsync(from: present));
        _service.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Empty(await ReadAsync(from: present));

        Service NewService(int lifetime) =>
            new(_service.Stores, _service.Clock, tokenOptions: new() { AccessTokenLifetime = TimeSpan.FromSeconds(lifetime) });
    }

    [Fact]
    public async Task Retention_leaves_what_it_still_tells()
    {
        await _service.LogoutAsync((await _service.LoginAsync()).Session);
        _service.Clock.Advance(SessionEnding.LastTokens + TimeSpan.FromMinutes(60 + 5));
        await _service.PurgeOldLogs.ExecuteAsync(default);
        Assert.Single(await ReadAsync());
    }

    [Fact]
    public async Task A_token_that_a_refresh_issues_while_its_session_is_ended_is_void()
    {
        var started = await _service.LoginAsync();
        IssuedTokens? last = null;
        var once = Intercepted.Once(nameof(ISessionStore.TryEndAsync), async () =>
        {
            _service.Clock.Advance(TimeSpan.FromSeconds(20));
            last = await _service.RefreshAsync(started.Tokens.RefreshText);
        });
        var sessions = Intercepted.Around(_service.Stores.Sessions, once);
        using var other = new Service(_service.Stores with { Sessions = sessions }, _service.Clock);
        Assert.IsType<EndSessionResult.Ended>(await other.LogoutAsync(started.Session));

        Assert.True(last!.Access.IssuedAt.ToUnixTimeSeconds() + 10 < Assert.Single(await ReadAsync()).Before);
        var revoked = ((InMemoryStores)_service.Stores.Timeline).Revocations[^1].Before;
        Assert.Equal(_service.Clock.GetUtcNow() + SessionEnding.LastTokens, revoked);
    }

    [Fact]
    public async Task New_roles_void_the_tokens_of_before_and_none_after()
    {
        var account = await _service.CreateAccountAsync();
        await _service.LoginAsync(account.Email);
        await _service.ChangeAccount.ExecuteAsync(await _service.NewAdministratorAsync(), account.Id, null, [], default);
        Assert.Equal(_service.Clock.GetUtcNow().ToUnixTimeSeconds() + 1, Assert.Single(await ReadAsync()).Before);
    }

    [Fact]
    public async Task A_session_that_was_revoked_twice_is_in_it_once_with_the_later_time()
    {
        var id = SessionId.New();
        await _service.Stores.Timeline.RevokeAsync(id, _service.Clock.GetUtcNow().AddSeconds(-9), default);
        await _service.Stores.Timeline.RevokeAsync(id, _service.Clock.GetUtcNow(), default);
        Assert.Equal(_service.Clock.GetUtcNow().ToUnixTimeSeconds() + 1, Assert.Single(await ReadAsync()).Before);
    }

    [Fact]
    public async Task Since_leaves_out_what_is_older_but_for_what_may_have_come_late()
    {
        var now = _service.Clock.GetUtcNow();
        foreach (var age in new[] { 0, 119, 181, 600 })
            await _service.Stores.Timeline.RevokeAsync(SessionId.New(), now.AddSeconds(-age), default);
        Assert.Equal(4, (await ReadAsync()).Count);
        Assert.Equal(4, (await ReadAsync(DateTimeOffset.UnixEpoch)).Count);
        Assert.Equal(2, (await ReadAsync(now)).Count);
        Assert.Empty(await ReadAsync(DateTimeOffset.MaxValue));
    }

    [Fact]
    public async Task However_since_is_varied_no_more_is_signed_than_the_window_has_minutes()
    {
        var now = _service.Clock.GetUtcNow();
        for (var age = 0; age < 3900; age += 10)
            await _service.Stores.Timeline.RevokeAsync(SessionId.New(), now.AddSeconds(-age), default);
        var signed = new HashSet<string>();
        for (var age = -600; age < 3900; age++)
            signed.Add((await _service.Revocations.ExecuteAsync(now.AddSeconds(-age), default)).Token);
        Assert.InRange(signed.Count, 65, 68);
    }

    [Fact]
    public async Task Equal_contents_are_equal_whenever_they_are_read_and_signed_once_in_the_cache_time()
    {
        await _service.Stores.Timeline.RevokeAsync(SessionId.New(), _service.Clock.GetUtcNow(), default);
        var first = await _service.Revocations.ExecuteAsync(null, default);
        Assert.Same(first, await _service.Revocations.ExecuteAsync(_service.Clock.GetUtcNow(), default));
        _service.Clock.Advance(TimeSpan.FromSeconds(5));
        var second = await _service.Revocations.ExecuteAsync(null, default);
        Assert.NotEqual(first.Token, second.Token);
        Assert.True(first.Sessions.Span.SequenceEqual(second.Sessions.Span));
    }

    private async Task<List<(string Sid, long Before)>> ReadAsync(DateTimeOffset? since = null, Service? from = null) =>
        Sessions((await (from ?? _service).Revocations.ExecuteAsync(since, default)).Token);

    private static List<(string Sid, long Before)> Sessions(string token) =>
    [
        .. Part(token, 1).GetProperty("sessions").EnumerateArray()
            .Select(each => (each.GetProperty("sid").GetString()!, each.GetProperty("before").GetInt64())),
    ];

    private static JsonElement Part(string token, int index) =>
        JsonDocument.Parse(Base64Url.DecodeFromChars(token.Split('.')[index])).RootElement;
}
