using Serverless.Sessions.Caching;

namespace Serverless.Sessions.Tests.Caching;

public sealed class CacheTests
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    private readonly FakeClock _clock = new();
    private readonly ReadThroughCache<string, int?> _cache;
    private readonly AgedCache<string, string> _copies;
    private TaskCompletionSource<int?> _storage = new();
    private int _reads;

    public CacheTests() => (_cache, _copies) = (new(2, Lifetime, _clock), new(2, Lifetime, _clock));

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void A_wall_clock_that_is_set_neither_keeps_nor_drops_a_copy(int hours)
    {
        _copies.Keep("key", "value", _clock.GetTimestamp());
        _clock.SetWallClock(TimeSpan.FromHours(hours));
        Assert.True(_copies.TryFind("key", out _));
        _clock.Advance(Lifetime - TimeSpan.FromTicks(1));
        Assert.True(_copies.TryFind("key", out _));
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.False(_copies.TryFind("key", out _));
    }

    [Fact]
    public void The_oldest_of_too_many_goes_and_changes_count_like_copies()
    {
        foreach (var key in new[] { "a", "b", "c" })
            _copies.Keep(key, key, _clock.GetTimestamp());
        Assert.Equal([false, true, true], new[] { "a", "b", "c" }.Select(key => _copies.TryFind(key, out _)));
        _copies.Drop("c");
        _copies.Drop("c");
        Assert.Equal([false, false], new[] { "b", "c" }.Select(key => _copies.TryFind(key, out _)));
    }

    [Fact]
    public void A_reading_that_began_before_a_change_is_not_kept()
    {
        var readAt = _clock.GetTimestamp();
        _copies.Drop("key");
        _copies.Keep("key", "of before", readAt);
        Assert.False(_copies.TryFind("key", out _));
        _clock.Advance(TimeSpan.FromTicks(1));
        _copies.Keep("key", "of now", _clock.GetTimestamp());
        _copies.Keep("key", "of before", readAt);
        Assert.True(_copies.TryFind("key", out var value));
        Assert.Equal("of now", value);
    }

    [Fact]
    public void What_is_read_during_a_hold_is_not_kept_even_if_all_is_cleared_meanwhile()
    {
        _copies.Drop("key", TimeSpan.FromSeconds(2));
        _copies.Clear();
        _clock.Advance(TimeSpan.FromSeconds(2));
        _copies.Keep("key", "held", _clock.GetTimestamp());
        Assert.False(_copies.TryFind("key", out _));
        _clock.Advance(TimeSpan.FromTicks(1));
        _copies.Keep("key", "kept", _clock.GetTimestamp());
        Assert.True(_copies.TryFind("key", out _));
    }

    [Fact]
    public void Clearing_drops_all_and_rejects_what_is_being_read()
    {
        var readAt = _clock.GetTimestamp();
        _copies.Keep("kept", "value", readAt);
        _copies.Clear();
        _copies.Keep("under way", "value", readAt);
        Assert.Equal([false, false], new[] { "kept", "under way" }.Select(key => _copies.TryFind(key, out _)));
    }

    [Fact]
    public void A_caller_may_ask_for_a_younger_copy()
    {
        _copies.Keep("key", "value", _clock.GetTimestamp());
        Assert.False(_copies.TryFind("key", _clock.GetTimestamp(), out _));
        Assert.True(_copies.TryFind("key", _clock.GetTimestamp() - 1, out _));
    }

    [Fact]
    public async Task All_who_ask_at_the_same_time_share_one_reading_and_the_next_its_copy()
    {
        var asked = Enumerable.Range(0, 8).Select(_ => GetAsync()).ToList();
        _storage.SetResult(7);
        Assert.All(await Task.WhenAll(asked), value => Assert.Equal(7, value));
        Assert.Equal(7, await GetAsync());
        Assert.Equal(1, _reads);
        _clock.Advance(Lifetime);
        await GetAsync();
        Assert.Equal(2, _reads);
    }

    [Fact]
    public async Task Whoever_hangs_up_stops_waiting_and_the_others_get_their_answer()
    {
        using var caller = new CancellationTokenSource();
        var (leaves, stays) = (GetAsync(caller.Token), GetAsync());
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaves);
        _storage.SetResult(7);
        Assert.Equal(7, await stays);
        Assert.Equal(1, _reads);
    }

    [Fact]
    public async Task A_reading_that_fails_is_shared_and_not_kept()
    {
        var asked = new[] { GetAsync(), GetAsync() };
        _storage.SetException(new StorageUnavailableException("down"));
        foreach (var each in asked)
            await Assert.ThrowsAsync<StorageUnavailableException>(() => each);
        _storage = new();
        _storage.SetResult(null);
        Assert.Null(await GetAsync());
        Assert.Equal(2, _reads);
    }

    [Fact]
    public async Task Whoever_asks_after_a_change_does_not_get_what_was_being_read_before_it()
    {
        var (old, before) = (_storage, GetAsync());
        Assert.True(SpinWait.SpinUntil(() => _reads == 1, TimeSpan.FromSeconds(30)));
        _cache.Drop("key");
        _storage = new();
        var after = GetAsync();
        _storage.SetResult(2);
        Assert.Equal(2, await after);
        old.SetResult(1);
        Assert.Equal(1, await before);
        Assert.NotEqual(1, await GetAsync());
    }

    private Task<int?> GetAsync(CancellationToken cancellationToken = default) => _cache.GetAsync(
        "key",
        _ =>
        {
            Interlocked.Increment(ref _reads);
            return _storage.Task;
        },
        cancellationToken).AsTask();
}
