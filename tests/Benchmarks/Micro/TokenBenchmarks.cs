using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Serverless.Sessions.Tokens;

namespace Benchmarks.Micro;

public class TokenBenchmarks
{
    private readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();
    private readonly TokenOptions _options = new();
    private KeyRing _ring = null!;
    private RefreshToken _refresh = null!;
    private AccessToken _access = null!;
    private string _refreshText = "";
    private string _accessText = "";
    private KeyRingSource _keys = null!;
    private AccessTokenReader _reader = null!;

    [GlobalSetup]
    public async Task SetUp()
    {
        _ring = KeyRing.Create(_now.AddDays(-1));
        _refresh = Samples.Session(_now).ToRefreshToken(Samples.Version, _now);
        _access = AccessToken.For(_refresh, _now, _options);
        _refreshText = WriteRefreshToken();
        _accessText = WriteAccessToken();
        _keys = new(new OneRing(_ring), Options.Create(new KeysOptions()), TimeProvider.System, NullLogger<KeyRingSource>.Instance);
        _reader = new(_keys, Options.Create(_options), TimeProvider.System);
        await _reader.ReadAsync(_accessText, default);
    }

    [Benchmark]
    public string WriteRefreshToken() => RefreshTokenCodec.Write(_refresh, _ring, _now);

    [Benchmark]
    public TokenCheck ReadRefreshToken() => RefreshTokenCodec.Read(_refreshText, _ring, out _);

    [Benchmark]
    public string WriteAccessToken() => AccessTokenCodec.Write(_access, _ring, _options, _now);

    [Benchmark]
    public TokenCheck ReadAccessToken() => AccessTokenCodec.Read(_accessText, _ring, _options, _now, out _);

    [Benchmark]
    public ValueTask<(TokenCheck, AccessToken?)> ReadAccessTokenThatIsKnown() => _reader.ReadAsync(_accessText, default);

    private sealed class OneRing(KeyRing ring) : IKeyRingStore
    {
        public Task<StoredKeyRing?> ReadAsync(CancellationToken cancellationToken) =>
            Task.FromResult<StoredKeyRing?>(new(ring, Samples.Version));

        public Task<bool> TrySaveAsync(KeyRing next, RowVersion? expected, CancellationToken cancellationToken) => Task.FromResult(false);
    }
}
