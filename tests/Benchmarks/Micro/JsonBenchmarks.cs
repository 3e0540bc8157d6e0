using BenchmarkDotNet.Attributes;
using Serverless.Functions.Http;
using Serverless.Functions.Sessions;

namespace Benchmarks.Micro;

public class JsonBenchmarks
{
    private readonly byte[] _refresh = """{"refreshToken":"AbCdEfGhIjKlMnOpQrStUvWxYz0123456789","attempt":"0123456789abcdef"}"""u8.ToArray();
    private StatusBody _status = null!;

    [GlobalSetup]
    public void SetUp()
    {
        var now = TimeProvider.System.GetUtcNow();
        var session = Samples.Session(now);
        _status = new(true, SessionBody.Of(session, current: true), AccountBody.Of(session), now, now, InactivityTimeout: null);
    }

    [Benchmark]
    public byte[] WriteStatus() => JsonSerializer.SerializeToUtf8Bytes(_status, WireJson.Default.StatusBody);

    [Benchmark]
    public object? ReadRefresh() => JsonSerializer.Deserialize(_refresh, WireJson.Default.RefreshRequestBody);
}
