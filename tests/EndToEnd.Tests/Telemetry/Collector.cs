using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EndToEnd.Tests.Telemetry;

/// <summary>An OpenTelemetry collector over HTTP; texts stand in the messages as they are, so nothing is decoded.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly ConcurrentDictionary<string, ConcurrentQueue<byte[]>> _received = [];
    private readonly ConcurrentQueue<string> _keys = [];

    private Collector(WebApplication server) => _server = server;

    public string Address => _server.Urls.Single();
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
        // An empty message says that the collector has taken all.
        http.Response.ContentType = "application/x-protobuf";
    }
}
