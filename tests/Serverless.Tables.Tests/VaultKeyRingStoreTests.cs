namespace Serverless.Tables.Tests;

[Collection(nameof(TimedCollection))]
public sealed class VaultKeyRingStoreTests(TableFixture fixture) : KeyRingContract
{
    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(10);
    private static readonly KeyRing Ring = KeyRing.Create(DateTimeOffset.UnixEpoch);

    private readonly string _prefix = TableFixture.NewPrefix();
    private readonly UnreadableRows _unreadable = new(NullLogger<UnreadableRows>.Instance);
    private readonly StubVault _vault = new(new("https://myvault.vault.azure.net"));

    protected override IKeyRingStore Keys => Open();

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
    public async Task Of_writers_at_once_one_writes()
    {
        _vault.DuringWrite = end => Task.Delay(TimeSpan.FromMilliseconds(200), end);
        var added = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Open().TrySaveAsync(Ring, null, default)));
        Assert.Single(added, done => done);
        Assert.Single(_vault.Values);
    }

    [Fact]
    public async Task The_lease_of_a_writer_that_died_expires()
    {
        var leaseTime = TimeSpan.FromSeconds(2);
        var began = TimeProvider.System.GetTimestamp();
        await LeaseAsync(DateTimeOffset.UtcNow + leaseTime);
        Assert.True(await Open(leaseTime).TrySaveAsync(Ring, null, default));
        Assert.InRange(TimeProvider.System.GetElapsedTime(began), leaseTime / 2, LeaseTime);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(86_400)]
    public async Task A_lease_that_has_expired_or_is_longer_than_any_holds_up_nobody(int seconds)
    {
        await LeaseAsync(DateTimeOffset.UtcNow.AddSeconds(seconds));
        Assert.True(await Open().TrySaveAsync(Ring, null, default));
    }

    [Fact]
    public async Task A_lease_by_a_clock_that_is_ahead_counts_and_a_writer_waits_no_longer_than_its_caller()
    {
        await LeaseAsync(DateTimeOffset.UtcNow + LeaseTime + TimeSpan.FromSeconds(1));
        using var caller = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Keys.TrySaveAsync(Ring, null, caller.Token));
        Assert.Empty(_vault.Requests);
    }

    [Fact]
    public async Task A_writer_that_lost_its_lease_meanwhile_looks_whether_its_ring_counts()
    {
        _vault.DuringWrite = _ => LeaseAsync(DateTimeOffset.UtcNow);
        Assert.True(await Open().TrySaveAsync(Ring, null, default));
        Assert.Equal(["GET", "PUT", "GET"], _vault.Requests.Select(request => request.Split(' ')[0]));
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
    public async Task A_write_that_takes_too_long_is_abandoned_and_keeps_its_lease()
    {
        var leaseTime = TimeSpan.FromSeconds(2);
        _vault.DuringWrite = end => Task.Delay(Timeout.Infinite, end);
        await Assert.ThrowsAsync<StorageUnavailableException>(() => Open(leaseTime).TrySaveAsync(Ring, null, default));
        Assert.Empty(_vault.Values);
        Assert.True((await Table.GetEntityAsync<TableEntity>("ring", "lease")).Value.GetDateTimeOffset("ExpiresAt") > DateTimeOffset.UtcNow);
    }

    private TableClient Table => fixture.Table(_prefix, "Security");

    private async Task LeaseAsync(DateTimeOffset expiresAt)
    {
        await Table.CreateIfNotExistsAsync();
        await Table.UpsertEntityAsync(new TableEntity("ring", "lease") { ["ExpiresAt"] = expiresAt });
    }

    private VaultKeyRingStore Open(TimeSpan? leaseTime = null)
    {
        var storage = new StorageOptions { ConnectionString = fixture.Azurite.ConnectionString, TablePrefix = _prefix };
        var tables = new TableSet(Options.Create(storage), [], fixture.Azure, _unreadable);
        var options = VaultKeyRingStore.CreateOptions(fixture.Azure);
        options.Transport = _vault;
        var credential = DelegatedTokenCredential.Create((request, _) =>
        {
            Assert.Equal(["https://vault.azure.net/.default"], request.Scopes);
            return new("a-token", DateTimeOffset.UtcNow.AddHours(1));
        });
        var client = new Azure.Security.KeyVault.Secrets.SecretClient(_vault.Address, credential, options);
        return new(client, "session-keys", tables, TimeProvider.System, leaseTime ?? LeaseTime, _unreadable);
    }
}
