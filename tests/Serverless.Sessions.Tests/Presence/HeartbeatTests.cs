namespace Serverless.Sessions.Tests.Presence;

public sealed class HeartbeatTests : IDisposable
{
    private readonly Stores _stores = InMemoryStores.Create();
    private readonly FakeClock _clock = new();
    private readonly Service _service;
    private int _heartbeats;

    public HeartbeatTests() => _service = NewService(_stores with
    {
        Presence = Intercepted.Around(_stores.Presence, before: call => _heartbeats += call == nameof(IPresenceStore.TryRecordAsync) ? 1 : 0),
    });

    [Fact]
    public async Task A_session_that_this_instance_ended_is_heard_no_more()
    {
        var session = await LoginAsync();
        Assert.Null(await BeatAsync(session));
        await _service.LogoutAsync(session);
        Assert.Equal(EndReason.Logout, await BeatAsync(session));
    }

    [Fact]
    public async Task A_session_that_another_instance_ended_is_heard_for_a_few_seconds_at_most()
    {
        var session = await LoginAsync();
        Assert.Null(await BeatAsync(session));
        using var other = NewService(_stores);
        await other.LogoutAsync(session);
        _clock.Advance(TimeSpan.FromSeconds(4.999));
        Assert.Null(await BeatAsync(session));
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(EndReason.Logout, await BeatAsync(session));
    }

    [Fact]
    public async Task A_session_without_its_presence_row_is_valid_and_online_again()
    {
        var session = await LoginAsync();
        ((InMemoryStores)_stores.Presence).RemovePresence(session.Id);
        Assert.Null(await BeatAsync(session));
        Assert.NotNull(await _stores.Presence.FindLastSeenAsync(session.UserId, default));
        await BeatAsync(session);
        Assert.Equal(2, _heartbeats);
        await _service.LogoutAsync(session);
        Assert.Equal(EndReason.Logout, await BeatAsync(session));
        Assert.Equal(EndReason.Unknown, await BeatAsync(session with { Id = SessionId.New() }));
    }

    [Fact]
    public async Task Beats_that_come_while_one_is_written_share_its_write()
    {
        var session = await LoginAsync();
        var written = new TaskCompletionSource();
        using var service = NewService(_stores with { Presence = Intercepted.Around(_stores.Presence, before: Count) });
        var beats = Enumerable.Range(0, 8)
            .Select(_ => Task.Run(() => service.BeatAsync(session))).ToArray();
        Assert.True(SpinWait.SpinUntil(() => _heartbeats > 0, TimeSpan.FromSeconds(30)));
        written.SetResult();
        Assert.All(await Task.WhenAll(beats), Assert.Null);
        Assert.Equal(1, _heartbeats);

        void Count(string call)
        {
            if (call != nameof(IPresenceStore.TryRecordAsync))
                return;
            Interlocked.Increment(ref _heartbeats);
            written.Task.GetAwaiter().GetResult();
        }
    }

    [Fact]
    public async Task A_beat_that_failed_is_not_remembered()
    {
        var session = await LoginAsync();
        var fails = true;
        var presence = Intercepted.Around(_stores.Presence, before: Intercepted.Away(nameof(IPresenceStore.TryRecordAsync), () => fails));
        using var service = NewService(_stores with { Presence = presence });
        await Assert.ThrowsAsync<StorageUnavailableException>(() => service.BeatAsync(session));
        fails = false;
        Assert.Null(await service.BeatAsync(session));
    }

    public void Dispose() => _service.Dispose();

    private Service NewService(Stores stores) =>
        new(stores, _clock, presenceOptions: new() { HeartbeatInterval = TimeSpan.FromMinutes(5) });

    private async Task<Session> LoginAsync() => (await _service.LoginAsync()).Session;
    private Task<EndReason?> BeatAsync(Session session) => _service.BeatAsync(session);
}
