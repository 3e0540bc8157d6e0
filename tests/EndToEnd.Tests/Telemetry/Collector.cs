using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EndToEnd.Tests.Telemetry;

/// <summary>
/// A collector of OpenTelemetry over HTTP that keeps what it is sent. Texts stand in the messages as they are, so they are inspected
/// for and the messages needn't be taken apart.
/// </summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly ConcurrentDictionary<string, ConcurrentQueue<byte[]>> _received = [];
    private readonly ConcurrentQueue<string> _keys = [];

    private Collector(WebApplication server) => _server = server;

    public string Address => _server.Urls.Single();

    /// <summary>The header that each message came with.</summary>
    public IReadOnlyCollection<string> Keys => _keys;

    public static async Task<Collector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var collector = new Collector(builder.Build());
        collector._server.Urls.Add("http://127.0.0.1:0");
        collector._server.Run(collector.TakeAsync);
        await collector._server.StartAsync();
        return collector;
    }

    /// <summary>Whether a text came for a signal, v1/traces or v1/metrics.</summary>
    public bool Has(string signal, string text) => Has(signal, Encoding.UTF8.GetBytes(text));

    public bool Has(string signal, byte[] bytes) =>
        _received.TryGetValue($"/{signal}", out var messages) && messages.Any(message => message.AsSpan().IndexOf(bytes) >= 0);

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    private async Task TakeAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        _keys.Enqueue(http.Request.Headers["api-key"].ToString());
        _received.GetOrAdd(http.Request.Path, _ => []).Enqueue(body.ToArray());
        // An empty answer is an empty message, which is how a collector says that it has taken all.
        http.Response.ContentType = "application/x-protobuf";
    }
}
