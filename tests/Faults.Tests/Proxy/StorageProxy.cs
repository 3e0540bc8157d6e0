using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace Faults.Tests.Proxy;

/// <summary>Between the apps and Azurite; faults meet the watched calls.</summary>
public sealed class StorageProxy : IAsyncDisposable
{
    // Far longer than any app waits, and short enough for a test to end.
    private static readonly TimeSpan LongestHold = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, Traffic> _traffic = [];
    private readonly Forwarder _storage;
    private LocalServer _server = null!;

    private StorageProxy(Azurite azurite) => _storage = new(azurite);

    public string ConnectionString => _storage.RouteOver(_server.Address);

    public static async Task<StorageProxy> StartAsync(Azurite azurite)
    {
        var proxy = new StorageProxy(azurite);
        proxy._server = await LocalServer.StartAsync(proxy.HandleAsync);
        return proxy;
    }

    public Traffic TrafficOf(string prefix) => _traffic.GetOrAdd(prefix, _ => new());

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _storage.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        var body = await Forwarder.ReadBodyAsync(context);
        var call = StorageCall.Of(context.Request.Method, Forwarder.TargetOf(context), body);
        var watch = _traffic.TryGetValue(call.Prefix, out var traffic) ? traffic.Find(call) : null;
        var requestId = context.Request.Headers["x-ms-client-request-id"].ToString();
        var fault = watch is null && traffic?.Otherwise is { } otherwise ? await otherwise(requestId) : watch?.Enter(call, requestId);

        if (fault?.Class == FaultClass.Answer)
        {
            await RefuseAsync(context, fault);
            return;
        }

        if (fault?.HasEffect == false)
        {
            await DropAsync(context, watch, fault);
            return;
        }

        // What storage got, it carries out, whether or not the app still listens.
        using var reply = await _storage.SendAsync(context, body);
        if (reply.IsSuccessStatusCode && call.Epoch is { } epoch)
            traffic?.Epochs.TryAdd(epoch, true);
        var content = await reply.Content.ReadAsByteArrayAsync(CancellationToken.None);
        if (fault is null)
        {
            await Forwarder.AnswerAsync(context, reply, content);
            return;
        }

        if (fault.Class == FaultClass.ReplyCut)
            await AnswerHalfAsync(context, reply, content);
        await DropAsync(context, watch, fault);
    }

    /// <summary>The error as the table service words it.</summary>
    private static Task RefuseAsync(HttpContext context, Fault fault)
    {
        var code = fault.Status switch { 429 => "TooManyRequests", 500 => "InternalError", _ => "ServerBusy" };
        context.Response.StatusCode = fault.Status;
        context.Response.ContentType = "application/json;odata=minimalmetadata;streaming=true;charset=utf-8";
        if (fault.RetryAfter is { } seconds)
            context.Response.Headers.RetryAfter = $"{seconds}";
        return context.Response.WriteAsync(
            $$$$"""{"odata.error":{"code":"{{{{code}}}}","message":{"lang":"en-US","value":"Try again.\nRequestId:0"}}}""", context.RequestAborted);
    }

    /// <summary>Half of the reply, sent past the server, which would only send a whole one.</summary>
    private static async Task AnswerHalfAsync(HttpContext context, HttpResponseMessage reply, byte[] content)
    {
        var headers = string.Concat(Forwarder.HeadersOf(reply).Select(header => $"{header.Name}: {header.Value}\r\n"));
        var head = $"HTTP/1.1 {(int)reply.StatusCode} {reply.ReasonPhrase}\r\n{headers}Content-Length: {content.Length}\r\n\r\n";
        byte[] whole = [.. Encoding.ASCII.GetBytes(head), .. content];
        // Where there is a body, its middle: the reply then looks good until it ends.
        var half = whole.AsMemory(0, content.Length > 1 ? whole.Length - (content.Length / 2) : whole.Length / 2);
        await context.Features.Get<IConnectionTransportFeature>()!.Transport.Output.WriteAsync(half);
        await Task.Delay(20); // Until it is on its way.
    }

    /// <summary>Closes the connection, after the wait or the kill that belongs to the fault.</summary>
    private static async Task DropAsync(HttpContext context, Watch? watch, Fault fault)
    {
        if (watch is not null && fault.Class is FaultClass.KilledBefore or FaultClass.KilledAfter)
        {
            watch.Reached.TrySetResult();
            await Task.WhenAny(watch.Killed.Task, Task.Delay(LongestHold));
        }
        else if (fault.Class is FaultClass.TimeoutBefore or FaultClass.TimeoutAfter)
        {
            await Task.WhenAny(Task.Delay(LongestHold, context.RequestAborted));
        }

        context.Abort();
    }
}
