using Microsoft.AspNetCore.Http;

namespace EndToEnd.Tests.Telemetry;

/// <summary>An OpenTelemetry collector over HTTP; texts stand in the messages as they are, so nothing is decoded.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<byte[]>> _received = [];
    private readonly ConcurrentQueue<string> _keys = [];
    private LocalServer _server = null!;

    public string Address => _server.Address;
    public IReadOnlyCollection<string> Keys => _keys;

    public static async Task<Collector> StartAsync()
    {
        var collector = new Collector();
        collector._server = await LocalServer.StartAsync(collector.TakeAsync);
        return collector;
    }

    public bool Has(string signal, string text) => Has(signal, Encoding.UTF8.GetBytes(text));

    public bool Has(string signal, byte[] bytes) =>
        _received.TryGetValue($"/{signal}", out var messages) && messages.Any(message => message.AsSpan().IndexOf(bytes) >= 0);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task TakeAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        _keys.Enqueue(http.Request.Headers["api-key"].ToString());
        _received.GetOrAdd(http.Request.Path, _ => []).Enqueue(body.ToArray());
        // An empty message says that the collector has taken all.
        http.Response.ContentType = "application/x-protobuf";
    }
}
