namespace Serverless.Sessions.Tests.Tokens;

public sealed class KeyRingTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 14, 9, 26, 53, 589, TimeSpan.Zero);

    private readonly FakeClock _clock = new();
    private KeyRing? _ring = KeyRing.Create(Now);
    private TaskCompletionSource? _gate;
    private int _reads;

    [Fact]
    public void A_ring_reads_back_from_its_text_and_reads_its_tokens()
    {
        var ring = KeyRing.Create(Now);
        var read = Read(KeyRingJson.Write(ring));
        var token = Any.One(Any.RefreshToken);
        Assert.Equal(TokenCheck.Valid, RefreshTokenCodec.Read(RefreshTokenCodec.Write(token, ring, Now), read, out _));
        Assert.Equal(ring.SigningKeys[0].ExportPublicKey().Q.X, read.SigningKeys[0].ExportPublicKey().Q.X);
        Assert.Equal(Now, read.SigningKeys[0].SignsFrom);
        Assert.Equal(ring.AuditKeys[0].Export(), read.AuditKeys[0].Export());
        Assert.Equal(2, Read(KeyRingJson.Write(ring.Rotate(Now, new KeysOptions().RotationNotice))).Sequence);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"signing":[],"mac":[]}""")]
    [InlineData("""{"signing":[{"id":"x","signsFrom":"2026-01-01T00:00:00Z","key":""}],"mac":[]}""")]
    [InlineData("""{"signing":[{"id":"0123456789abcdef","signsFrom":"2026-01-01T00:00:00Z","key":"AAAA"}],"mac":[]}""")]
    public void A_text_that_is_no_ring_is_none(string text) => Assert.False(KeyRingJson.TryRead(text, out _));

    [Fact]
    public async Task Two_instances_that_start_first_agree_on_one_ring()
    {
        var store = new InMemoryStores();
        KeyRingSource first = Source(store), second = Source(store);
        var rings = await Task.WhenAll(first.GetAsync(default).AsTask(), second.GetAsync(default).AsTask());
        Assert.Equal(rings[0].MacKeys[0].Id, rings[1].MacKeys[0].Id);
    }

    [Fact]
    public async Task An_unknown_key_reads_the_ring_again_but_not_more_often_than_every_few_seconds()
    {
        var source = Source(NewStore());
        var ring = await source.GetAsync(default);
        for (var i = 0; i < 5; i++)
            ring = await source.GetNewerAsync(ring, default);
        Assert.Equal(1, _reads);

        _ring = KeyRing.Create(Now);
        _clock.Advance(KeyRingSource.ReloadInterval);
        Assert.Same(_ring, await source.GetNewerAsync(ring, default));
        Assert.Same(_ring, await source.GetNewerAsync(ring, default));
        Assert.Equal(2, _reads);
    }

    [Fact]
    public async Task A_ring_that_cannot_be_read_is_asked_for_again_the_next_time()
    {
        _ring = null;
        var source = Source(NewStore());
        await Assert.ThrowsAsync<StorageUnavailableException>(async () => await source.GetAsync(default));
        _ring = KeyRing.Create(Now);
        Assert.Same(_ring, await source.GetAsync(default));
    }

    [Fact]
    public async Task An_old_ring_is_read_again_once_beside_the_requests_that_it_serves()
    {
        var source = Source(NewStore());
        var old = await source.GetAsync(default);
        _clock.Advance(TimeSpan.FromSeconds(299));
        Assert.Same(old, await source.GetAsync(default));
        Assert.Equal(1, _reads);

        _ring = KeyRing.Create(Now);
        _gate = new();
        _clock.Advance(TimeSpan.FromSeconds(1));
        for (var i = 0; i < 5; i++)
            Assert.Same(old, await source.GetAsync(default));
        var fresh = source.GetFreshAsync(default);
        _gate.SetResult();
        Assert.Same(_ring, await fresh);
        Assert.Same(_ring, await source.GetAsync(default));
        Assert.Equal(2, _reads);
    }

    [Fact]
    public async Task A_ring_that_cannot_be_read_again_stays_in_use_and_is_asked_for_seldom()
    {
        var source = Source(NewStore());
        var ring = await source.GetAsync(default);

        _ring = null;
        _clock.Advance(TimeSpan.FromSeconds(300));
        for (var i = 0; i < 5; i++)
            Assert.Same(ring, await source.GetFreshAsync(default));
        Assert.Equal(2, _reads);

        _ring = KeyRing.Create(Now);
        _clock.Advance(KeyRingSource.ReloadInterval);
        Assert.Same(_ring, await source.GetFreshAsync(default));
    }

    [Fact]
    public async Task All_who_wait_for_the_first_ring_share_one_read_and_its_failure()
    {
        _ring = null;
        _gate = new();
        var source = Source(NewStore());
        var waiting = Enumerable.Range(0, 8).Select(_ => source.GetAsync(default).AsTask()).ToList();
        _gate.SetResult();
        foreach (var each in waiting)
            await Assert.ThrowsAsync<StorageUnavailableException>(() => each);
        Assert.Equal(1, _reads);
    }

    [Fact]
    public async Task Who_lay_idle_past_the_notice_of_a_key_reads_before_it_signs()
    {
        var source = Source(NewStore());
        var old = await source.GetAsync(default);
        _ring = KeyRing.Create(Now);
        _clock.Advance(TimeSpan.FromSeconds(600));
        Assert.Same(_ring, await source.GetAsync(default));
        Assert.NotSame(old, _ring);
    }

    [Fact]
    public async Task Who_lay_idle_after_a_read_that_failed_reads_before_it_signs()
    {
        var source = Source(NewStore());
        await source.GetAsync(default);
        _ring = null;
        _clock.Advance(TimeSpan.FromSeconds(300));
        await source.GetFreshAsync(default);
        Assert.True(source.State!.Stale);
        _ring = KeyRing.Create(Now);
        _clock.Advance(TimeSpan.FromSeconds(600));
        Assert.Same(_ring, await source.GetAsync(default));
    }

    [Fact]
    public async Task A_ring_that_was_rolled_back_is_ignored_and_not_rotated_until_the_instance_restarts()
    {
        _ring = KeyRing.Create(Now).Rotate(Now, new KeysOptions().RotationNotice);
        var store = NewStore();
        var source = Source(store);
        var rotated = await source.GetAsync(default);

        _ring = KeyRing.Create(Now);
        _clock.Advance(KeyRingSource.ReloadInterval);
        Assert.Same(rotated, await source.GetNewerAsync(rotated, default));
        Assert.False(source.State!.Stale);
        var rotate = new RotateKeys(store, source, Options.Create(new KeysOptions()), new(NullLogger<UnreadableRows>.Instance), _clock);
        Assert.Equal(new(0, 0, 0, 0, 0), await rotate.ExecuteAsync(default));
        Assert.Same(_ring, await Source(store).GetAsync(default));
    }

    [Fact]
    public async Task A_ring_that_did_not_change_stays_the_same_object()
    {
        var source = Source(new InMemoryStores());
        var ring = await source.GetAsync(default);
        _clock.Advance(TimeSpan.FromSeconds(300));
        Assert.Same(ring, await source.GetFreshAsync(default));
    }

    private static KeyRing Read(string text) => KeyRingJson.TryRead(text, out var ring) ? ring : throw new ArgumentException("No ring.", nameof(text));

    private KeyRingSource Source(IKeyRingStore store) =>
        new(store, Options.Create(new KeysOptions()), _clock, NullLogger<KeyRingSource>.Instance);

    private IKeyRingStore NewStore() => Intercepted.Around<IKeyRingStore>(new InMemoryStores(), instead: (call, _) =>
        call == nameof(IKeyRingStore.ReadAsync) ? ReadAsync() : null);

    private async Task<StoredKeyRing?> ReadAsync()
    {
        _reads++;
        if (_gate is { } gate)
            await gate.Task;
        return _ring is null ? throw new StorageUnavailableException("down") : new(_ring, new(_ring.MacKeys[0].Id.ToString()));
    }
}
