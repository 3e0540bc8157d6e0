using EndToEnd.Tests.Hosting;
using Faults.Tests.Proxy;
using Microsoft.AspNetCore.Http;

namespace Benchmarks.App;

/// <summary>A proxy in front of storage that counts transactions: every request is one.</summary>
internal sealed class CountingProxy : IAsyncDisposable
{
    private readonly Forwarder _storage;
    private LocalServer _server = null!;
    private int _count;

    private CountingProxy(Azurite azurite) => _storage = new(azurite);

    public int Count => Volatile.Read(ref _count);
    public string ConnectionString => _storage.RouteOver(_server.Address);

    public static async Task<CountingProxy> StartAsync(Azurite azurite)
    {
        var proxy = new CountingProxy(azurite);
        proxy._server = await LocalServer.StartAsync(proxy.HandleAsync);
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _storage.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        Interlocked.Increment(ref _count);
        using var reply = await _storage.SendAsync(context, await Forwarder.ReadBodyAsync(context));
        await Forwarder.AnswerAsync(context, reply, await reply.Content.ReadAsByteArrayAsync(context.RequestAborted));
    }
}
