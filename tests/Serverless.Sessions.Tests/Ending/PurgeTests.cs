namespace Serverless.Sessions.Tests.Ending;

public sealed class PurgeTests : IDisposable
{
    private readonly Service _service = new(InMemoryStores.Create(), new());

    [Fact]
    public async Task An_expired_session_is_removed_with_one_log_entry_when_its_hour_is_over()
    {
        var session = await LoginAsync();
        _service.Clock.Set(session.ExpiresAt.AddMinutes(10));
        Assert.Equal(0, (await _service.Purge.ExecuteAsync(default)).Expired);
        Assert.Equal(new Counts(Expired: 1), await PurgeAsync(TimeSpan.FromHours(1)));
        Assert.Equal(new Counts(), await PurgeAsync());
        Assert.Null(await _service.Stores.Sessions.FindAsync(session.UserId, session.Id, default));
        var entry = (await _service.LogOfAsync(session.UserId))[0];
        Assert.Equal((LogAction.SessionExpired, session.Id, "expired_idle"), (entry.Action, entry.SessionId!.Value, entry.Error));
    }

    [Fact]
    public async Task An_expired_session_is_told_to_the_timers_with_its_reason_and_how_long_it_lasted()
    {
        var (expired, ended) = (await LoginAsync(), await LoginAsync());
        await _service.LogoutAsync(ended);
        await PurgeAsync(TimeSpan.FromHours(14));
        var activity = Assert.Single(await EndingsAsync(), each => each.EndReason != EndReason.Logout);
        Assert.Equal(
            (expired.Id, EndReason.ExpiredIdle, _service.Clock.GetUtcNow(), TimeSpan.FromHours(12), 0),
            (activity.SessionId, activity.EndReason, activity.At, activity.Duration, activity.Generation));
    }

    [Fact]
    public async Task An_ending_is_on_record_before_its_session_is_gone()
    {
        await LoginAsync();
        _service.Clock.Advance(TimeSpan.FromHours(14));
        var dying = Intercepted.Around(_service.Stores.Sessions, before: Intercepted.Away(nameof(ISessionStore.TryRemoveAsync)));
        using var other = new Service(_service.Stores with { Sessions = dying }, _service.Clock);
        await Assert.ThrowsAsync<StorageUnavailableException>(() => other.Purge.ExecuteAsync(default));
        Assert.Single(await EndingsAsync());

        Assert.Equal(new Counts(Expired: 1), await PurgeAsync(TimeSpan.FromMinutes(15)));
        _service.Clock.Advance(TimeSpan.FromHours(2));
        await _service.RollUp.ExecuteAsync(default);
        var days = await _service.Stores.Statistics.ReadAsync(DateOnly.MinValue, DateOnly.MaxValue, default).ToListAsync();
        Assert.Equal(1, days.Sum(each => each.EndedByReason.Values.Sum()));
        Assert.Equal(0, days[^1].Active);
    }

    [Fact]
    public async Task A_session_that_is_filed_twice_goes_once_and_holds_up_nobody()
    {
        var (twice, once) = (await LoginAsync(), await LoginAsync());
        await _service.Stores.Timeline.ScheduleExpiryAsync(new(twice.UserId, twice.Id, twice.ExpiresAt.AddHours(1)), default);
        Assert.Equal(new Counts(Expired: 2, Missing: 1), await PurgeAsync(TimeSpan.FromHours(15)));
        Assert.Equal(new[] { twice.Id, once.Id }.Select(id => id.Value).Order(), (await EndingsAsync()).Select(each => each.SessionId!.Value.Value).Order());
        Assert.Equal(new Counts(), await PurgeAsync());
    }

    [Fact]
    public async Task A_session_that_was_refreshed_is_filed_anew_and_removed_later()
    {
        var started = await _service.LoginAsync();
        _service.Clock.Advance(TimeSpan.FromHours(11));
        await _service.RefreshAsync(started.Tokens.RefreshText);
        Assert.Equal(new Counts(Refiled: 1), await PurgeAsync(TimeSpan.FromHours(3)));
        Assert.Equal(new Counts(Expired: 1), await PurgeAsync(TimeSpan.FromHours(10)));
    }

    [Fact]
    public async Task The_tombstone_of_an_ended_session_stays_until_its_expiry_hour_and_goes_without_an_entry()
    {
        var session = await LoginAsync();
        await _service.LogoutAsync(session);
        Assert.Equal(new Counts(), await PurgeAsync());
        Assert.Equal(EndReason.Logout, (await _service.FindAsync(session)).Ending!.Reason);
        Assert.Equal(new Counts(Ended: 1), await PurgeAsync(TimeSpan.FromHours(14)));
        Assert.Equal(2, (await _service.LogOfAsync(session.UserId)).Count);
    }

    [Fact]
    public async Task Two_purges_at_the_same_time_remove_each_session_once()
    {
        var user = (await _service.CreateAccountAsync()).Email;
        for (var i = 0; i < 20; i++)
            await _service.LoginAsync(user);
        _service.Clock.Advance(TimeSpan.FromHours(14));
        var reports = await Task.WhenAll(
            Task.Run(() => _service.Purge.ExecuteAsync(default)), Task.Run(() => _service.Purge.ExecuteAsync(default)));
        Assert.Equal(20, reports.Sum(report => report.Expired));
    }

    [Fact]
    public async Task A_purge_that_runs_out_of_time_says_so_and_the_next_goes_on()
    {
        for (var i = 0; i < 3; i++)
        {
            await LoginAsync();
            _service.Clock.Advance(TimeSpan.FromHours(1));
        }

        _service.Clock.Advance(TimeSpan.FromDays(1));
        var timeline = Intercepted.Around(_service.Stores.Timeline, before: Intercepted.At(
            nameof(ITimeline.RemoveAsync), () => _service.Clock.Advance(TimeSpan.FromMinutes(10))));
        using var slow = new Service(_service.Stores with { Timeline = timeline }, _service.Clock);
        var first = await slow.Purge.ExecuteAsync(default);
        Assert.Equal((false, 1), (first.Finished, first.Expired));
        Assert.Equal(new Counts(Expired: 2), await PurgeAsync());
    }

    public void Dispose() => _service.Dispose();

    private async Task<Session> LoginAsync() => (await _service.LoginAsync()).Session;

    private async Task<Counts> PurgeAsync(TimeSpan after = default)
    {
        _service.Clock.Advance(after);
        var report = await _service.Purge.ExecuteAsync(default);
        Assert.True(report.Finished);
        return new(report.Expired, report.Ended, report.Refiled, report.Missing);
    }

    private async Task<List<Activity>> EndingsAsync() => await _service.Stores.Timeline
        .ReadActivityAsync(DateTimeOffset.MinValue, DateTimeOffset.MaxValue, default)
        .Where(activity => activity.Kind == ActivityKind.SessionEnded).ToListAsync();

    private sealed record Counts(int Expired = 0, int Ended = 0, int Refiled = 0, int Missing = 0);
}
