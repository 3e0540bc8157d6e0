namespace Serverless.Sessions.Tests.Presence;

public sealed class ReadPresenceTests : IDisposable
{
    private readonly FakeClock _clock = new();
    private readonly Stores _stores = InMemoryStores.Create();
    private readonly Service _service;
    private int _reads;

    public ReadPresenceTests()
    {
        var count = Intercepted.At(nameof(IPresenceStore.FindLastSeenAsync), () => _reads++);
        _service = new(_stores with { Presence = Intercepted.Around(_stores.Presence, count) }, _clock);
    }

    public void Dispose() => _service.Dispose();

    [Fact]
    public async Task A_user_is_online_while_any_session_is_and_is_told_in_the_order_of_the_question()
    {
        var (session, other, nobody) = (await LoginAsync(), await LoginAsync(), UserId.New(_clock.GetUtcNow()));
        _clock.Advance(TimeSpan.FromSeconds(30));
        await _service.BeatAsync(session);
        _clock.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(
            [
                new(nobody, false, false, null), new(session.UserId, true, true, _clock.GetUtcNow().AddSeconds(-9)),
                new(other.UserId, false, false, other.CreatedAt),
            ],
            await _service.ReadPresence.ExecuteAsync([nobody, session.UserId, other.UserId], default));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False((await ReadAsync(session)).Online);
    }

    [Fact]
    public async Task A_user_without_a_session_looks_like_one_that_never_was()
    {
        var session = await LoginAsync();
        await _service.LogoutAsync(session);
        Assert.Equal(new(session.UserId, false, false, null), await ReadAsync(session));
    }

    [Fact]
    public async Task A_user_who_does_nothing_stays_online_and_is_active_only_by_the_last_beat_that_says_so()
    {
        var session = await LoginAsync();
        _clock.Advance(TimeSpan.FromSeconds(8));
        await _service.BeatAsync(session, isActive: false);
        Assert.Equal((true, true), await StateAsync());
        _clock.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal((true, false), await StateAsync());
        // The write of the beat that said otherwise isn't shared.
        await _service.BeatAsync(session, isActive: false);
        await _service.BeatAsync(session, isActive: true);
        _clock.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal((true, true), await StateAsync());

        async Task<(bool, bool)> StateAsync() => await ReadAsync(session) is var presence ? (presence.Online, presence.IsActive) : default;
    }

    [Fact]
    public async Task What_was_read_is_good_for_half_a_heartbeat()
    {
        var session = await LoginAsync();
        await ReadAsync(session);
        _clock.Advance(TimeSpan.FromSeconds(2.4));
        await ReadAsync(session);
        Assert.Equal(1, _reads);
        _clock.Advance(TimeSpan.FromSeconds(0.1));
        await ReadAsync(session);
        Assert.Equal(2, _reads);
    }

    private async Task<Session> LoginAsync() => (await _service.LoginAsync()).Session;

    private async Task<UserPresence> ReadAsync(Session session) =>
        Assert.Single(await _service.ReadPresence.ExecuteAsync([session.UserId], default));
}
