using Serverless.Sessions.Tests.Passkeys;

namespace Serverless.Sessions.Tests.Login;

public sealed class CaptchaTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 14, 9, 26, 53, TimeSpan.Zero);
    private readonly FakeClock _clock = new();
    private readonly Service _service;

    public CaptchaTests() => _service = new(InMemoryStores.Create(), _clock, captcha: new NeverSolved());

    [Theory]
    [InlineData(2, 3, false)]
    [InlineData(3, 3, true)]
    [InlineData(4, 3, true)]
    [InlineData(0, 0, true)]
    public void Failures_from_the_limit_on_need_one(int failures, int limit, bool needed) => Assert.Equal(
        needed, LoginCaptcha.IsNeeded(new Throttle { Failures = failures }, null, Now, new() { AfterFailures = limit }));

    [Theory]
    [InlineData(1, true)]
    [InlineData(0, false)]
    [InlineData(-1, false)]
    public void A_flag_that_has_not_expired_needs_one(int expiresInSeconds, bool needed) => Assert.Equal(
        needed, LoginCaptcha.IsNeeded(Throttle.Clear, FlagOf("203.0.113.7", Now.AddSeconds(expiresInSeconds)), Now, new()));

    [Fact]
    public async Task A_flag_is_seen_a_minute_late_at_most()
    {
        var email = (await _service.CreateAccountAsync()).Email;
        Assert.IsType<StartSessionResult.Started>(await _service.TryLoginAsync(email));
        await _service.Stores.SuspiciousIps.FlagAsync(FlagOf(Service.Client.IpAddress, _clock.GetUtcNow().AddHours(1)), default);
        Assert.IsType<StartSessionResult.Started>(await _service.TryLoginAsync(email));
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.IsType<StartSessionResult.CaptchaRequired>(await _service.TryLoginAsync(email));
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.IsType<StartSessionResult.Started>(await _service.TryLoginAsync(email));
    }

    [Fact]
    public async Task A_login_by_passkey_needs_one_too_and_loses_nothing_by_it()
    {
        using var flows = new PasskeyFlows();
        await flows.NewPasskeyAsync();
        using var guarded = new Service(flows.Stores, flows.Service.Clock, captcha: new NeverSolved());
        await flows.Stores.SuspiciousIps.FlagAsync(FlagOf(Service.Client.IpAddress, flows.Service.Clock.GetUtcNow().AddHours(1)), default);
        var response = await flows.GetAsync();
        Assert.IsType<StartSessionResult.CaptchaRequired>(await PasskeyFlows.LoginAsync(guarded, response));
        Assert.IsType<StartSessionResult.Started>(await PasskeyFlows.LoginAsync(flows.Service, response));
    }

    [Fact]
    public async Task Without_a_provider_no_login_needs_one()
    {
        using var service = new Service(InMemoryStores.Create(), _clock);
        var email = (await service.CreateAccountAsync()).Email;
        await service.Stores.SuspiciousIps.FlagAsync(FlagOf(Service.Client.IpAddress, _clock.GetUtcNow().AddHours(1)), default);
        for (var i = 0; i < 4; i++)
            await service.TryLoginAsync(email, "wrong password");
        await service.LoginAsync(email);
    }

    public void Dispose() => _service.Dispose();

    private static SuspiciousIp FlagOf(string address, DateTimeOffset expiresAt) => new(
        address, new(TimeSpan.FromHours(1), 11, 11, 11, DistinctAddresses: 1, expiresAt.AddHours(-24), expiresAt.AddHours(-24)),
        Since: expiresAt.AddHours(-24), ExceededAt: expiresAt.AddHours(-24), expiresAt);

    private sealed class NeverSolved : ICaptcha
    {
        public Task<bool> IsSolvedAsync(CaptchaToken token, string ipAddress, CancellationToken cancellationToken) => Task.FromResult(false);
    }
}
