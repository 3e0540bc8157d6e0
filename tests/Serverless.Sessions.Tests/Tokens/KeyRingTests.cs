using Serverless.Sessions.Tokens;
using Serverless.Testing;

namespace Serverless.Sessions.Tests.Tokens;

public sealed class KeyRingTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 14, 9, 26, 53, 589, TimeSpan.Zero);

    [Fact]
    public void A_ring_reads_back_from_its_text_and_reads_its_tokens()
    {
        var ring = KeyRing.Create(Now);
        var read = KeyRingJson.Read(KeyRingJson.Write(ring));
        var token = Any.One(Any.RefreshToken);
        Assert.Equal(TokenCheck.Valid, RefreshTokenCodec.Read(RefreshTokenCodec.Write(token, ring, Now), read, out _));
        Assert.Equal(ring.SigningKeys[0].ExportPublicKey().Q.X, read.SigningKeys[0].ExportPublicKey().Q.X);
        Assert.Equal(Now, read.SigningKeys[0].SignsFrom);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"signing":[],"mac":[]}""")]
    [InlineData("""{"signing":[{"id":"x","signsFrom":"2026-01-01T00:00:00Z","key":""}],"mac":[]}""")]
    [InlineData("""{"signing":[{"id":"0123456789abcdef","signsFrom":"2026-01-01T00:00:00Z","key":"AAAA"}],"mac":[]}""")]
    public void A_text_that_is_no_ring_is_an_outage_and_no_verdict(string text) =>
        Assert.Throws<StorageUnavailableException>(() => KeyRingJson.Read(text));

    [Fact]
    public async Task Two_instances_that_start_first_agree_on_one_ring()
    {
        var store = new InMemoryStores();
        var clock = new FakeClock();
        using KeyRingSource first = new(store, clock), second = new(store, clock);
        var rings = await Task.WhenAll(first.GetAsync(default).AsTask(), second.GetAsync(default).AsTask());
        Assert.Equal(rings[0].MacKeys[0].Id, rings[1].MacKeys[0].Id);
    }

    [Fact]
    public async Task An_unknown_key_reads_the_ring_again_but_not_more_often_than_every_few_seconds()
    {
        var store = new CountingKeyRingStore(KeyRing.Create(Now));
        var clock = new FakeClock();
        using var source = new KeyRingSource(store, clock);
        var ring = await source.GetAsync(default);
        for (var i = 0; i < 5; i++)
            ring = await source.GetNewerAsync(ring, default);
        Assert.Equal(1, store.Reads);

        store.Ring = KeyRing.Create(Now);
        clock.Advance(KeyRingSource.ReloadInterval);
        Assert.Same(store.Ring, await source.GetNewerAsync(ring, default));
        Assert.Same(store.Ring, await source.GetNewerAsync(ring, default));
        Assert.Equal(2, store.Reads);
    }

    [Fact]
    public async Task A_ring_that_cannot_be_read_is_asked_for_again_the_next_time()
    {
        var store = new CountingKeyRingStore(null);
        using var source = new KeyRingSource(store, new FakeClock());
        await Assert.ThrowsAsync<StorageUnavailableException>(async () => await source.GetAsync(default));
        store.Ring = KeyRing.Create(Now);
        Assert.Same(store.Ring, await source.GetAsync(default));
    }

    private sealed class CountingKeyRingStore(KeyRing? ring) : IKeyRingStore
    {
        public KeyRing? Ring { get; set; } = ring;

        public int Reads { get; private set; }

        public Task<KeyRing?> ReadAsync(CancellationToken cancellationToken)
        {
            Reads++;
            return Ring is null ? throw new StorageUnavailableException("down") : Task.FromResult<KeyRing?>(Ring);
        }

        public Task<bool> TryAddAsync(KeyRing ring, CancellationToken cancellationToken) => Task.FromResult(false);
    }
}
