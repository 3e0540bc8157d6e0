using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Serverless.Sessions.Telemetry;
using Serverless.Testing;

namespace Serverless.Sessions.Tests.Telemetry;

/// <summary>Each ending is counted once, whoever asked for it.</summary>
public sealed class SessionMetricsTests : IDisposable
{
    private readonly Service _service = new(InMemoryStores.Create(), new());
    private readonly ConcurrentQueue<(string Instrument, long Count, string Attribute)> _measured = [];
    private readonly MeterListener _listener = new();

    public SessionMetricsTests()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == SessionMetrics.Name && instrument.Meter.Scope == _service.Meters)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, count, tags, _) =>
            _measured.Enqueue((instrument.Name, count, $"{tags[0].Key}={tags[0].Value}")));
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
        var session = (await _service.LoginAsync((await _service.CreateAccountAsync()).Email)).Session;
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
        await _service.LoginAsync((await _service.CreateAccountAsync()).Email);
        _service.Clock.Advance(TimeSpan.FromHours(14));
        await _service.Purge.ExecuteAsync(default);
        await _service.Purge.ExecuteAsync(default);
        Assert.Equal([(1, "reason=expired_idle")], Endings);
    }

    [Fact]
    public async Task A_look_at_a_session_meets_the_cache_or_it_does_not()
    {
        var session = (await _service.LoginAsync((await _service.CreateAccountAsync()).Email)).Session;
        await _service.CheckSession.ExecuteAsync(session.UserId, session.Id, default);
        await _service.CheckSession.ExecuteAsync(session.UserId, session.Id, default);
        Assert.Equal(
            ["hit=False", "hit=True"],
            _measured.Where(each => each.Instrument == "serverless.sessions.cache.lookups").Select(each => each.Attribute));
    }

    private IEnumerable<(long Count, string Reason)> Endings =>
        _measured.Where(each => each.Instrument == "serverless.sessions.endings").Select(each => (each.Count, each.Attribute));
}
