namespace Serverless.Sessions.Tests.Tokens;

/// <summary>Bytes that the hot paths allocate, each of which runs with every request of its kind.</summary>
public sealed class AllocationTests : IDisposable
{
    private readonly FakeClock _clock = new();
    private readonly Service _service;
    private readonly KeyRing _ring;
    private readonly RefreshToken _token;

    public AllocationTests()
    {
        _service = new(InMemoryStores.Create(), _clock);
        _ring = KeyRing.Create(_clock.GetUtcNow());
        _token = TokenAt(_clock.GetUtcNow());
    }

    public void Dispose() => _service.Dispose();

    [Fact]
    public void Reading_a_refresh_token()
    {
        var text = RefreshTokenCodec.Write(_token, _ring, _clock.GetUtcNow());
        Allocates(504, () => RefreshTokenCodec.Read(text, _ring, out _));
    }

    [Fact]
    public void Writing_a_refresh_token() => Allocates(640, () => RefreshTokenCodec.Write(_token, _ring, _clock.GetUtcNow()));

    [Fact]
    public void Writing_an_access_token()
    {
        var options = new TokenOptions();
        var access = AccessToken.For(_token, _clock.GetUtcNow(), options);
        Allocates(2_300, () => AccessTokenCodec.Write(access, _ring, options, _clock.GetUtcNow()));
    }

    [Fact]
    public async Task Reading_an_access_token_that_was_verified_before()
    {
        var reader = _service.AccessTokens;
        var now = _clock.GetUtcNow();
        var ring = await _service.Keys.GetAsync(default);
        var text = AccessTokenCodec.Write(AccessToken.For(TokenAt(now), now, new()), ring, new(), now);
        Assert.Equal(TokenCheck.Valid, (await reader.ReadAsync(text, default)).Check);
        // None in a Release build; in a Debug build the state of an async method is an object.
        Allocates(152, () => IsDone(reader.ReadAsync(text, default)));
    }

    private static RefreshToken TokenAt(DateTimeOffset now) => new(
        UserId.New(now), SessionId.New(), Number: 0, Generation: 7, IssuedAt: now, NumberStartedAt: now,
        ExpiresAt: now.AddDays(30), AbsoluteExpiresAt: now.AddDays(90), Remember: true, Claims: new(["reader"], new(now, AuthenticationMethods.Password)),
        Version: new("W/\"datetime'2026-03-14T09%3A26%3A53.5897932Z'\""), Audit: new AuditHead(8, new(8)));

    private static void IsDone<T>(ValueTask<T> read) => Assert.True(read.IsCompletedSuccessfully);

    private static void Allocates(long limit, Action action)
    {
        const int Times = 1000;
        for (var i = 0; i < Times; i++)
            action();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Times; i++)
            action();
        var each = (GC.GetAllocatedBytesForCurrentThread() - before) / Times;
        Assert.True(each <= limit, $"{each} bytes, not {limit}");
    }
}
