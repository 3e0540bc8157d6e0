using AccessToken = Azure.Core.AccessToken;

namespace Serverless.Tables.Tests;

/// <summary>Its steps follow the clock, so nothing that keeps all threads busy runs beside it.</summary>
[Collection(nameof(TableFixture))]
public sealed class VaultKeyRingStoreTests(TableFixture fixture) : KeyRingContract
{
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Never = TimeSpan.FromHours(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly UnreadableRows _unreadable = new(NullLogger<UnreadableRows>.Instance);
    private readonly StubVault _vault = new(new("https://myvault.vault.azure.net"));

    protected override IKeyRingStore Keys => Open(Settling);

    [Fact]
    public async Task It_asks_for_one_secret_alone()
    {
        Assert.Null(await Keys.ReadAsync(default));
        Assert.Equal(["GET /secrets/session-keys"], _vault.Requests);
    }

    [Theory]
    [InlineData(403, """{"error":{"code":"Forbidden","message":"The user or group does not have secrets get permission"}}""")]
    [InlineData(404, """{"error":{"code":"VaultNotFound","message":"x"}}""")]
    [InlineData(404, "<html>")]
    [InlineData(409, """{"error":{"code":"Conflict","message":"x","innererror":{"code":"ObjectIsDeletedButRecoverable"}}}""")]
    [InlineData(200, "{}")]
    [InlineData(200, """{"value":"no ring","id":"https://v/secrets/n/1","attributes":{"created":1}}""")]
    [InlineData(200, "not JSON")]
    public async Task An_answer_that_it_cannot_use_is_an_outage(int status, string body)
    {
        _vault.Failures.Enqueue((status, body));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => Keys.ReadAsync(default));
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task What_passes_is_tried_again_and_what_stays_is_an_outage(int status)
    {
        _vault.Failures.Enqueue((status, """{"error":{"code":"Throttled"}}"""));
        Assert.Null(await Keys.ReadAsync(default));
        for (var i = 0; i < 4; i++)
            _vault.Failures.Enqueue((status, ""));
        var outage = await Assert.ThrowsAsync<StorageUnavailableException>(() => Keys.ReadAsync(default));
        Assert.Contains($"{status}", outage.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_who_write_at_once_and_one_who_reads_meanwhile_end_with_one_ring()
    {
        // Long enough for a busy machine: the order of the steps is what is tested.
        var settling = 4 * Settling;
        var now = DateTimeOffset.UnixEpoch;
        _vault.WriteTime = settling / 4;
        var first = Open(settling).TryAddAsync(KeyRing.Create(now), default);
        await Task.Delay(settling / 8);
        var second = Open(settling).TryAddAsync(KeyRing.Create(now), default);
        await Task.Delay(settling / 4);
        var reader = Open(settling).ReadAsync(default);

        Assert.Equal((false, true), (await first, await second));
        Assert.Equal(2, _vault.Values.Count);
        Assert.True(KeyRingJson.TryRead(_vault.Values[1], out var last));
        Assert.Equal(last.MacKeys[0].Id, (await reader)!.Ring.MacKeys[0].Id);
    }

    [Fact]
    public async Task A_value_that_is_no_ring_is_told_once_and_counted_by_the_timer_which_leaves_it()
    {
        _vault.Set("no ring");
        var (store, keys) = (Keys, Options.Create(new KeysOptions()));
        var source = new KeyRingSource(store, keys, TimeProvider.System, NullLogger<KeyRingSource>.Instance);
        var rotate = new RotateKeys(store, source, keys, _unreadable, TimeProvider.System);
        for (var run = 0; run < 2; run++)
            Assert.Equal(new(0, 0, 0, 0, 0) { Unreadable = 1 }, await rotate.ExecuteAsync(default));
        Assert.Equal(1, _unreadable.Count);
        Assert.Equal(["no ring"], _vault.Values);
    }

    [Fact]
    public async Task Who_starts_right_behind_a_rotation_reads_once_and_waits_for_nothing()
    {
        var now = DateTimeOffset.UnixEpoch;
        var rotated = KeyRing.Create(now).Rotate(now, KeyRotation.Of(new()));
        _vault.Set(KeyRingJson.Write(rotated));
        var read = await Open(Never).ReadAsync(default).WaitAsync(Patience);
        Assert.Equal(rotated.MacKeys[1].Id, read!.Ring.MacKeys[1].Id);
        Assert.Single(_vault.Requests);
    }

    [Fact]
    public async Task A_first_ring_and_whoever_writes_wait_until_it_has_settled_and_heed_who_gives_up()
    {
        var first = KeyRing.Create(DateTimeOffset.UnixEpoch);
        _vault.Set(KeyRingJson.Write(first));
        using var caller = new CancellationTokenSource();
        Task[] waiting = [Open(Never).ReadAsync(caller.Token), Open(Never).TryReplaceAsync(first, new("any"), caller.Token)];
        await Assert.ThrowsAsync<TimeoutException>(() => Task.WhenAny(waiting).WaitAsync(Settling));
        await caller.CancelAsync();
        foreach (var each in waiting)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => each);
    }

    [Fact]
    public async Task A_write_that_takes_too_long_is_given_up()
    {
        _vault.WriteTime = Settling;
        await Assert.ThrowsAsync<StorageUnavailableException>(() => Keys.TryAddAsync(KeyRing.Create(DateTimeOffset.UnixEpoch), default));
        Assert.Empty(_vault.Values);
    }

    private VaultKeyRingStore Open(TimeSpan settling)
    {
        var options = VaultKeyRingStore.CreateOptions(fixture.Azure);
        options.Transport = _vault;
        return new(new(_vault.Address, new FixedCredential(), options), "session-keys", TimeProvider.System, settling, _unreadable);
    }

    private sealed class FixedCredential : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            Assert.Equal(["https://vault.azure.net/.default"], requestContext.Scopes);
            return new("a-token", DateTimeOffset.UtcNow.AddHours(1));
        }

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            new(GetToken(requestContext, cancellationToken));
    }
}
