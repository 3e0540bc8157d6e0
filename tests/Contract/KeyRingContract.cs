namespace Serverless.Testing;

public abstract class KeyRingContract
{
    protected static readonly DateTimeOffset Now = new(2026, 3, 14, 9, 26, 53, 589, TimeSpan.Zero);

    protected abstract IKeyRingStore Keys { get; }

    [Fact]
    public async Task Of_two_first_key_rings_one_stays()
    {
        var rings = new[] { KeyRing.Create(Now), KeyRing.Create(Now) };
        var added = await Task.WhenAll(rings.Select(ring => Keys.TrySaveAsync(ring, null, default)));
        Assert.False(added[0] && added[1]);
        var stored = await Keys.ReadAsync(default);
        Assert.NotNull(stored);
        for (var i = 0; i < rings.Length; i++)
            Assert.Equal(added[i], rings[i].MacKeys[0].Id == stored.Ring.MacKeys[0].Id);
    }

    [Fact]
    public async Task A_key_ring_is_replaced_only_in_the_state_that_was_read()
    {
        await Keys.TrySaveAsync(KeyRing.Create(Now), null, default);
        var read = (await Keys.ReadAsync(default))!;
        var next = KeyRing.Create(Now);
        Assert.True(await Keys.TrySaveAsync(next, read.Version, default));
        Assert.False(await Keys.TrySaveAsync(KeyRing.Create(Now), read.Version, default));

        var stored = (await Keys.ReadAsync(default))!;
        Assert.NotEqual(read.Version, stored.Version);
        Assert.Equal(next.MacKeys[0].Id, stored.Ring.MacKeys[0].Id);
        Assert.Equal(stored.Version, (await Keys.ReadAsync(default))!.Version);
    }

    [Fact]
    public async Task Of_two_next_key_rings_one_stays()
    {
        await Keys.TrySaveAsync(KeyRing.Create(Now), null, default);
        var read = (await Keys.ReadAsync(default))!;
        var rings = new[] { KeyRing.Create(Now), KeyRing.Create(Now) };
        var replaced = await Task.WhenAll(rings.Select(ring => Keys.TrySaveAsync(ring, read.Version, default)));
        var stored = (await Keys.ReadAsync(default))!.Ring;
        Assert.Single(replaced, done => done);
        Assert.Equal(rings[replaced[0] ? 0 : 1].MacKeys[0].Id, stored.MacKeys[0].Id);
    }
}
