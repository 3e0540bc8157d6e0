namespace Serverless.Sessions.Tests.Ending;

public sealed class EndingTests : IDisposable
{
    private readonly Service _service = new(InMemoryStores.Create(), new());

    [Fact]
    public async Task A_logout_ends_the_session_for_status_and_refresh_and_logs_it_once()
    {
        var started = await _service.LoginAsync();
        Assert.IsType<CheckSessionResult.Valid>(await _service.CheckAsync(started.Session));
        _service.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.IsType<EndSessionResult.Ended>(await _service.LogoutAsync(started.Session));
        Assert.Equal(new EndSessionResult.AlreadyEnded(EndReason.Logout), await _service.LogoutAsync(started.Session));
        Assert.Equal(new CheckSessionResult.Ended(EndReason.Logout), await _service.CheckAsync(started.Session));
        Assert.Equal(new RefreshSessionResult.Ended(EndReason.Logout), await _service.TryRefreshAsync(started.Tokens.RefreshText));
        Assert.Equal(
            [LogAction.Logout, LogAction.Login], (await _service.LogOfAsync(started.Session.UserId)).Select(entry => entry.Action));
    }

    [Fact]
    public async Task A_session_that_never_was_is_not_found()
    {
        var session = (await _service.LoginAsync()).Session;
        Assert.IsType<EndSessionResult.NotFound>(await _service.LogoutAsync(session with { Id = SessionId.New() }));
    }

    [Fact]
    public async Task Of_many_endings_at_the_same_time_one_counts()
    {
        var started = await _service.LoginAsync();
        var results = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() => _service.EndSession.ExecuteAsync(
            started.Session.UserId, started.Session.Id, i % 2 == 0 ? EndReason.Logout : EndReason.TokenReuse, null, default))));
        var reason = (await _service.FindAsync(started.Session)).Ending!.Reason;
        Assert.Single(results, result => result is EndSessionResult.Ended);
        Assert.All(results.OfType<EndSessionResult.AlreadyEnded>(), over => Assert.Equal(reason, over.Reason));
        Assert.Equal(2, (await _service.LogOfAsync(started.Session.UserId)).Count);
    }

    [Fact]
    public async Task An_end_is_stored_only_after_its_activity()
    {
        var started = await _service.LoginAsync();
        using var failing = new Service(
            _service.Stores with
            {
                Timeline = Intercepted.Around(_service.Stores.Timeline, instead: (call, _) =>
                    call == nameof(ITimeline.RecordAsync) ? Task.FromException(new StorageUnavailableException("gone")) : null),
            },
            _service.Clock);
        await Assert.ThrowsAsync<StorageUnavailableException>(() => failing.LogoutAsync(started.Session));
        Assert.Null((await _service.FindAsync(started.Session)).Ending);
        Assert.IsType<EndSessionResult.Ended>(await _service.LogoutAsync(started.Session));
        var activities = await _service.Stores.Timeline.ReadActivityAsync(
            DateTimeOffset.MinValue, DateTimeOffset.MaxValue, default).ToListAsync();
        Assert.Equal(EndReason.Logout, Assert.Single(activities, each => each.Kind == ActivityKind.SessionEnded).EndReason);
    }

    [Fact]
    public async Task A_logout_beside_refreshes_ends_the_session_whoever_is_first()
    {
        var started = await _service.LoginAsync();
        var refreshes = Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => _service.TryRefreshAsync(started.Tokens.RefreshText))));
        Assert.IsType<EndSessionResult.Ended>(await _service.LogoutAsync(started.Session));
        await refreshes;
        Assert.Equal(EndReason.Logout, (await _service.FindAsync(started.Session)).Ending!.Reason);
    }

    [Fact]
    public async Task A_status_is_at_most_as_stale_as_the_setting()
    {
        var started = await _service.LoginAsync();
        Assert.IsType<CheckSessionResult.Valid>(await _service.CheckAsync(started.Session));
        // Another instance ends it: this one learns of it when its copy is too old.
        using var other = new Service(_service.Stores, _service.Clock);
        await other.LogoutAsync(started.Session);
        _service.Clock.Advance(TimeSpan.FromSeconds(4.999));
        Assert.IsType<CheckSessionResult.Valid>(await _service.CheckAsync(started.Session));
        _service.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(new CheckSessionResult.Ended(EndReason.Logout), await _service.CheckAsync(started.Session));
    }

    [Fact]
    public async Task A_reading_that_began_before_a_change_is_not_kept()
    {
        var cache = _service.Cache;
        var session = (await _service.LoginAsync()).Session;
        var readAt = _service.Clock.GetTimestamp();
        cache.Drop(session.Id);
        cache.Keep(session, readAt);
        Assert.Null(cache.Find(session.Id));
        _service.Clock.Advance(TimeSpan.FromMilliseconds(1));
        cache.Keep(session, _service.Clock.GetTimestamp());
        Assert.Same(session, cache.Find(session.Id));
    }

    public void Dispose() => _service.Dispose();
}
