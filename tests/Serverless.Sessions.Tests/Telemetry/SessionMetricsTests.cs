using System.Diagnostics.Metrics;

namespace Serverless.Sessions.Tests.Telemetry;

public sealed class SessionMetricsTests : IDisposable
{
    private readonly Service _service = new(InMemoryStores.Create(), new());
    private readonly ConcurrentQueue<(string Instrument, long Count, string Attribute)> _measured = [];
    private readonly MeterListener _listener = new();
    private readonly SessionMetrics _metrics;

    public SessionMetricsTests()
    {
        _metrics = new(_service.Meters);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == SessionMetrics.Name && instrument.Meter.Scope == _service.Meters)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, count, tags, _) =>
            _measured.Enqueue((instrument.Name, count, string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}")))));
        _listener.Start();
    }

    public void Dispose()
    {
        _listener.Dispose();
        _service.Dispose();
    }

    [Fact]
    public async Task A_logout_is_one_ending_and_a_second_one_none()
    {
        var session = (await _service.LoginAsync()).Session;
        await _service.LogoutAsync(session);
        await _service.LogoutAsync(session);
        Assert.Equal([(1, "reason=logout")], Endings);
    }

    [Fact]
    public async Task All_sessions_of_a_user_end_together()
    {
        var email = (await _service.CreateAccountAsync()).Email;
        var session = (await _service.LoginAsync(email)).Session;
        await _service.LoginAsync(email);
        await _service.EndSessions.ExecuteAsync(session.UserId, EndReason.Admin, except: null, by: null);
        await _service.EndSessions.ExecuteAsync(session.UserId, EndReason.Admin, except: null, by: null);
        Assert.Equal([(2, "reason=admin")], Endings);
    }

    [Fact]
    public async Task An_expired_session_is_counted_when_it_is_purged()
    {
        await _service.LoginAsync();
        _service.Clock.Advance(TimeSpan.FromHours(14));
        await _service.Purge.ExecuteAsync(default);
        await _service.Purge.ExecuteAsync(default);
        Assert.Equal([(1, "reason=expired_idle")], Endings);
    }

    [Fact]
    public async Task A_look_at_a_session_meets_the_cache_or_it_does_not()
    {
        var session = (await _service.LoginAsync()).Session;
        await _service.CheckSession.ExecuteAsync(session.UserId, session.Id, default);
        await _service.CheckSession.ExecuteAsync(session.UserId, session.Id, default);
        Assert.Equal(
            ["hit=False", "hit=True"],
            _measured.Where(each => each.Instrument == "serverless.sessions.cache.lookups").Select(each => each.Attribute));
    }

    [Fact]
    public async Task A_refused_refresh_is_counted_with_the_reason()
    {
        var started = await _service.LoginAsync();
        using var stranger = new Service(InMemoryStores.Create(), _service.Clock);
        var unknown = (await stranger.LoginAsync()).Tokens.RefreshText;
        await CountAsync("nonsense");
        await CountAsync(unknown);
        await CountAsync(started.Tokens.RefreshText);
        _service.Clock.Advance(TimeSpan.FromMinutes(1));
        await CountAsync(started.Tokens.RefreshText);
        await CountAsync(started.Tokens.RefreshText);

        Assert.Equal(
            [
                "outcome=token_invalid reason=invalid", "outcome=token_invalid reason=key_unknown", "outcome=refreshed",
                "outcome=token_reused reason=reused", "outcome=session_ended reason=token_reuse",
            ],
            _measured.Where(each => each.Instrument == "serverless.sessions.refreshes").Select(each => each.Attribute));

        async Task CountAsync(string token) => _metrics.Count(await _service.TryRefreshAsync(token));
    }

    private IEnumerable<(long Count, string Reason)> Endings =>
        _measured.Where(each => each.Instrument == "serverless.sessions.endings").Select(each => (each.Count, each.Attribute));
}
