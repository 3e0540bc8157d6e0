namespace Serverless.Sessions.Tests.Timeline;

public sealed class SuspiciousIpTests : IDisposable
{
    private const string Address = "203.0.113.9";

    private readonly Service _service = new(InMemoryStores.Create(), new());

    [Fact]
    public async Task Ten_logins_are_no_reason_to_worry_and_the_eleventh_is()
    {
        await RecordAsync(10, TimeSpan.FromMinutes(1));
        Assert.Equal(new FlagReport(10, 0), await _service.Flag.ExecuteAsync(default));
        Assert.Null(await FindAsync());
        await RecordAsync(1, TimeSpan.Zero);
        Assert.Equal(1, (await _service.Flag.ExecuteAsync(default)).Flagged);
        Assert.Equal(11, (await FindAsync())!.Evidence.Count);
    }

    [Fact]
    public async Task Callers_of_unknown_address_are_never_flagged()
    {
        await RecordAsync(30, TimeSpan.Zero, IpAddressGroup.Unknown);
        Assert.Equal(new FlagReport(0, 0), await _service.Flag.ExecuteAsync(default));
    }

    [Fact]
    public async Task A_flag_explains_itself()
    {
        var account = await _service.CreateAccountAsync();
        var client = new ClientInfo(Address, null);
        var first = _service.Clock.GetUtcNow();
        for (var i = 0; i < 6; i++)
        {
            await _service.LoginAsync(account.Email, client: client);
            await _service.TryLoginAsync(Service.NewEmail(), "wrong password", client: client);
            _service.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        var last = _service.Clock.GetUtcNow().AddMinutes(-1);
        await _service.Flag.ExecuteAsync(default);
        Assert.Equal(
            new SuspiciousIp(
                Address, new(TimeSpan.FromMinutes(60), 12, 6, DistinctAccounts: 7, DistinctAddresses: 1, first, last),
                Since: first, ExceededAt: last, ExpiresAt: last.AddHours(24))
            { Raised = true },
            await FindAsync());
    }

    [Fact]
    public async Task Logins_further_apart_than_the_window_do_not_add_up()
    {
        await RecordAsync(20, TimeSpan.FromMinutes(6.01));
        await _service.Flag.ExecuteAsync(default);
        Assert.Null(await FindAsync());
    }

    [Fact]
    public async Task A_burst_across_a_full_hour_counts_as_one()
    {
        _service.Clock.Set(new(2026, 3, 14, 9, 55, 0, TimeSpan.Zero));
        await RecordAsync(11, TimeSpan.FromMinutes(1));
        await _service.Flag.ExecuteAsync(default);
        Assert.Equal(11, (await FindAsync())!.Evidence.Count);
    }

    [Fact]
    public async Task Addresses_and_endings_are_counted_apart()
    {
        for (var i = 0; i < 30; i++)
        {
            await RecordAsync(1, TimeSpan.Zero, $"203.0.113.{i % 3}");
            await RecordAsync(1, TimeSpan.Zero, kind: ActivityKind.SessionEnded);
        }

        Assert.Equal(new FlagReport(30, 0), await _service.Flag.ExecuteAsync(default));
    }

    [Fact]
    public async Task An_attack_while_the_timer_was_dead_is_found_afterwards()
    {
        await _service.Flag.ExecuteAsync(default);
        _service.Clock.Advance(TimeSpan.FromHours(5));
        await RecordAsync(15, TimeSpan.FromSeconds(1));
        _service.Clock.Advance(TimeSpan.FromHours(20));
        await _service.Flag.ExecuteAsync(default);
        Assert.Equal(15, (await FindAsync())!.Evidence.Count);
    }

    [Fact]
    public async Task What_is_recorded_late_is_not_passed_over()
    {
        await RecordAsync(10, TimeSpan.Zero);
        _service.Clock.Advance(TimeSpan.FromMinutes(1));
        await _service.Flag.ExecuteAsync(default);
        await _service.Stores.Timeline.RecordAsync(AttemptAt(_service.Clock.GetUtcNow().AddSeconds(-30)), default);
        await _service.Flag.ExecuteAsync(default);
        Assert.Equal(11, (await FindAsync())!.Evidence.Count);
    }

    [Fact]
    public async Task Running_again_finds_the_same()
    {
        await RecordAsync(13, TimeSpan.FromSeconds(5));
        await _service.Flag.ExecuteAsync(default);
        var flag = await FindAsync();
        await _service.Flag.ExecuteAsync(default);
        Assert.Equal(flag, await FindAsync());
    }

    [Fact]
    public async Task A_flag_is_told_once_with_its_network_and_again_when_the_address_comes_back()
    {
        var told = new Recorded<FlagSuspiciousIps>();
        var flag = new FlagSuspiciousIps(
            _service.Stores.Timeline, _service.Stores.SuspiciousIps, _service.RaiseEvent,
            Options.Create(new SuspiciousIpOptions()), _service.Stores.Unreadable, _service.Clock, told);
        await RecordAsync(11, TimeSpan.FromSeconds(1));
        await flag.ExecuteAsync(default);
        await RecordAsync(5, TimeSpan.FromSeconds(1));
        await flag.ExecuteAsync(default);
        var line = Assert.Single(told.Lines);
        Assert.StartsWith("Warning 2003 Security: an address in 203.0.113.0/24 is flagged: 11 logins within 60 minutes", line, StringComparison.Ordinal);

        _service.Clock.Advance(TimeSpan.FromHours(2));
        await RecordAsync(11, TimeSpan.FromSeconds(1));
        await flag.ExecuteAsync(default);
        Assert.Equal(2, told.Lines.Count);
    }

    [Fact]
    public async Task A_flag_that_has_expired_is_removed()
    {
        await RecordAsync(11, TimeSpan.FromSeconds(1));
        Assert.Equal(0, (await _service.Flag.ExecuteAsync(default)).Removed);
        _service.Clock.Advance(TimeSpan.FromHours(24));
        Assert.Equal(1, (await _service.Flag.ExecuteAsync(default)).Removed);
        Assert.Null(await FindAsync());
    }

    [Theory]
    [InlineData("203.0.113.9", "203.0.113.9")]
    [InlineData("::ffff:203.0.113.9", "203.0.113.9")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:0db8:0001:0002")]
    [InlineData("2001:db8:1:2::1", "2001:0db8:0001:0002")]
    [InlineData("::1", "0000:0000:0000:0000")]
    [InlineData("unknown", "unknown")]
    public void An_IPv6_address_is_counted_by_its_64(string address, string group) => Assert.Equal(group, IpAddressGroup.Of(address));

    public void Dispose() => _service.Dispose();

    private static Activity AttemptAt(DateTimeOffset at, string address = Address, ActivityKind kind = ActivityKind.FailedLogin) =>
        new(kind, at, address) { AccountKey = new("key") };

    private async Task RecordAsync(
        int count, TimeSpan apart, string address = Address, ActivityKind kind = ActivityKind.FailedLogin)
    {
        for (var i = 0; i < count; i++)
        {
            await _service.Stores.Timeline.RecordAsync(AttemptAt(_service.Clock.GetUtcNow(), address, kind), default);
            _service.Clock.Advance(apart);
        }
    }

    private Task<SuspiciousIp?> FindAsync() => _service.Stores.SuspiciousIps.FindAsync(Address, default);
}
