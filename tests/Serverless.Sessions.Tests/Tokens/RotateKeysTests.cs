namespace Serverless.Sessions.Tests.Tokens;

public sealed class RotateKeysTests : IDisposable
{
    private static readonly TimeSpan Notice = new KeysOptions().RotationNotice;
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly Service _service = new(InMemoryStores.Create(), new());

    private DateTimeOffset Now => _service.Clock.GetUtcNow();

    public void Dispose() => _service.Dispose();

    [Fact]
    public async Task The_first_run_makes_the_next_keys_and_a_second_one_nothing()
    {
        await _service.Keys.GetAsync(default);
        Assert.Equal(new(1, 0, 1, 0, 1), await _service.RotateKeys.ExecuteAsync(default));
        Assert.Equal(new(0, 0, 0, 0, 0), await _service.RotateKeys.ExecuteAsync(default));
    }

    [Fact]
    public async Task A_run_before_the_first_use_makes_the_ring() =>
        Assert.Equal(new(1, 0, 1, 0, 1), await _service.RotateKeys.ExecuteAsync(default));

    [Fact]
    public async Task Of_runs_at_the_same_time_one_changes_the_ring()
    {
        await _service.Keys.GetAsync(default);
        var reports = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => _service.RotateKeys.ExecuteAsync(default))));
        Assert.Single(reports, report => report != new RotateKeysReport(0, 0, 0, 0, 0));
    }

    [Fact]
    public void A_ring_in_which_nothing_is_due_is_itself()
    {
        var ring = KeyRing.Create(Now).Rotate(Now, Notice);
        Assert.Same(ring, ring.Rotate(Now.AddDays(29), Notice));
    }

    [Fact]
    public void The_next_key_signs_when_the_one_before_has_had_its_time()
    {
        var first = KeyRing.Create(Now);
        var ring = first.Rotate(Now, Notice);
        Assert.Equal(first.SigningKeys[0].Id, ring.SignerAt(Now.AddDays(30).AddTicks(-1)).Id);
        Assert.Equal(ring.SigningKeys[1].Id, ring.SignerAt(Now.AddDays(30)).Id);
        Assert.Equal(ring.MacKeys[1].Id, ring.MacAt(Now.AddDays(30)).Id);
    }

    [Fact]
    public void After_a_long_time_without_rotation_the_next_key_still_gets_its_notice()
    {
        var now = Now.AddDays(400);
        var ring = KeyRing.Create(Now).Rotate(now, Notice);
        Assert.Equal(now.AddSeconds(630), ring.SigningKeys[1].SignsFrom);
        Assert.Equal(now.AddSeconds(630), ring.MacKeys[1].SignsFrom);
    }

    [Fact]
    public void A_key_goes_when_the_last_of_its_tokens_has_expired_and_not_before()
    {
        var first = KeyRing.Create(Now);
        var ring = first.Rotate(Now, Notice);
        var signingGoes = ring.SigningKeys[1].SignsFrom + TokenOptions.LongestLifetime + Notice;
        var macGoes = ring.MacKeys[1].SignsFrom + SessionOptions.LongestLifetime + Notice;
        Assert.Contains(first.SigningKeys[0], ring.Rotate(signingGoes, Notice).SigningKeys);
        Assert.DoesNotContain(first.SigningKeys[0], ring.Rotate(signingGoes.AddTicks(1), Notice).SigningKeys);
        Assert.Contains(first.MacKeys[0], ring.Rotate(macGoes, Notice).MacKeys);
        Assert.DoesNotContain(first.MacKeys[0], ring.Rotate(macGoes.AddTicks(1), Notice).MacKeys);
    }

    [Fact]
    public void What_stays_follows_the_longest_session_and_the_longest_access_token_that_can_be_set()
    {
        Assert.Equal(TimeSpan.FromDays(365), SessionOptions.LongestLifetime);
        Assert.Equal(TimeSpan.FromHours(1), TokenOptions.LongestLifetime);
        Assert.Equal(TimeSpan.FromSeconds(50), new KeysOptions { JwksCacheLifetime = TimeSpan.FromSeconds(10) }.RotationNotice);
    }

    [Fact]
    public void Over_two_years_of_daily_runs_every_token_can_be_checked_until_it_expires()
    {
        var ring = KeyRing.Create(Now);
        var issued = new List<(KeyId Signing, KeyId Mac, DateTimeOffset At)>();
        for (var day = 0; day < 730; day++)
        {
            ring = ring.Rotate(Now, Notice);
            issued.Add((ring.SignerAt(Now).Id, ring.MacAt(Now).Id, Now));
            Assert.All(issued.Where(each => each.At + SessionOptions.LongestLifetime > Now), each => Assert.NotNull(ring.FindMac(each.Mac)));
            Assert.Contains(ring.SigningKeys, key => key.Id == issued[^1].Signing);
            Assert.InRange(ring.SigningKeys.Length, 2, 3);
            Assert.InRange(ring.MacKeys.Length, 2, 15);
            _service.Clock.Advance(TimeSpan.FromDays(1));
        }

        Assert.Equal(730 / 30 + 1, issued.Select(each => each.Signing).Distinct().Count());
        Assert.Equal(730 / 30 + 1, issued.Select(each => each.Mac).Distinct().Count());
    }

    [Fact]
    public void The_largest_ring_fits_into_a_secret_of_a_vault()
    {
        var ring = KeyRing.Create(Now).WithPushKey(Now);
        for (var day = 0; day < 500; day++, _service.Clock.Advance(TimeSpan.FromDays(1)))
            ring = ring.Rotate(Now, Notice);
        Assert.InRange(KeyRingJson.Write(ring).Length, 1, 25_000);
    }

    [Fact]
    public async Task The_key_of_web_push_comes_with_its_first_use_and_is_one_for_all_instances_and_rotations()
    {
        Assert.Null((await _service.Keys.GetAsync(default)).PushKey);
        using var other = new Service(_service.Stores, _service.Clock);
        await other.Keys.GetAsync(default);
        var keys = await Task.WhenAll(
            _service.Keys.GetPushKeyAsync(default).AsTask(), other.Keys.GetPushKeyAsync(default).AsTask());
        Assert.Equal(keys[0].PublicText, keys[1].PublicText);
        for (var day = 0; day < 100; day += 10, _service.Clock.Advance(TimeSpan.FromDays(10)))
            await _service.RotateKeys.ExecuteAsync(default);
        var ring = (await _service.Stores.Keys.ReadAsync(default))!.Ring;
        Assert.True(KeyRingJson.TryRead(KeyRingJson.Write(ring), out var read));
        Assert.Equal((keys[0].PublicText, keys[0].PrivateText), (read.PushKey!.PublicText, read.PushKey.PrivateText));
    }

    [Fact]
    public async Task No_key_of_web_push_is_added_to_a_ring_that_was_set_back()
    {
        await _service.Keys.GetAsync(default);
        var old = (await _service.Stores.Keys.ReadAsync(default))!;
        _service.Clock.Advance(TimeSpan.FromDays(40));
        await _service.RotateKeys.ExecuteAsync(default);
        _service.Clock.Advance(Hour);
        await _service.Keys.GetFreshAsync(default);
        var rotated = (await _service.Stores.Keys.ReadAsync(default))!;
        Assert.True(await _service.Stores.Keys.TrySaveAsync(old.Ring, rotated.Version, default));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => _service.Keys.GetPushKeyAsync(default).AsTask());
    }

    [Fact]
    public async Task A_session_outlives_an_idle_lifetime_that_is_shortened_behind_it()
    {
        var tokens = (await _service.LoginAsync(remember: true)).Tokens;
        using var shortened = new Service(_service.Stores, _service.Clock, new()
        {
            RememberedIdleLifetime = Hour, IdleLifetime = Hour, AbsoluteLifetime = Hour,
        });
        // The next key signs after 30 days, one day before the session has been idle for too long.
        await shortened.RotateKeys.ExecuteAsync(default);
        _service.Clock.Advance(TimeSpan.FromDays(29));
        tokens = await _service.RefreshAsync(tokens.RefreshText);
        _service.Clock.Advance(TimeSpan.FromDays(20));
        await shortened.RotateKeys.ExecuteAsync(default);
        await shortened.Keys.GetFreshAsync(default);
        Assert.NotEqual(tokens.RefreshText, (await shortened.RefreshAsync(tokens.RefreshText)).RefreshText);
    }

    [Fact]
    public async Task Sessions_live_on_across_rotations()
    {
        var tokens = (await _service.LoginAsync(remember: true)).Tokens;
        var first = tokens.AccessText;
        for (var day = 0; day < 80; day += 20)
        {
            await _service.RotateKeys.ExecuteAsync(default);
            _service.Clock.Advance(TimeSpan.FromDays(20));
            await _service.Keys.GetFreshAsync(default);
            tokens = await _service.RefreshAsync(tokens.RefreshText);
            Assert.Equal(TokenCheck.Valid, (await _service.AccessTokens.ReadAsync(tokens.AccessText, default)).Check);
        }

        Assert.NotEqual(first.Split('.')[0], tokens.AccessText.Split('.')[0]);
    }
}
