using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Benchmarks.App;

/// <summary>A proxy in front of storage that counts transactions: every request is one.</summary>
internal sealed class CountingProxy : IAsyncDisposable
{
    private readonly HttpMessageInvoker _storage = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });
    private readonly Uri _target;
    private readonly WebApplication _server;
    private int _count;

    private CountingProxy(Uri target, int port)
    {
        _target = target;
        Port = port;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.WebHost.ConfigureKestrel(options => options.AddServerHeader = false);
        _server = builder.Build();
        _server.Run(ForwardAsync);
    }

    private int Port { get; }

    public int Count => Volatile.Read(ref _count);

    public string Route(string connectionString) => connectionString.Replace($":{_target.Port}/", $":{Port}/", StringComparison.Ordinal);

    public static async Task<CountingProxy> StartAsync(Uri target)
    {
        var proxy = new CountingProxy(target, FreePort.Next());
        await proxy._server.StartAsync();
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _storage.Dispose();
    }

    private async Task ForwardAsync(HttpContext context)
    {
        Interlocked.Increment(ref _count);
        var (asked, answered) = (context.Request, context.Response);
        // As it came: the signature covers each character of it.
        var address = new Uri(
            _target + context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.TrimStart('/'),
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var request = new HttpRequestMessage(new(asked.Method), address);
        if (asked.ContentLength is > 0 || asked.Headers.TransferEncoding.Count > 0)
            request.Content = new StreamContent(asked.Body);
        foreach (var (name, values) in asked.Headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, values.AsEnumerable()))
                request.Content?.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
        }

        using var answer = await _storage.SendAsync(request, context.RequestAborted);
        answered.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers))
        {
            if (name != "Transfer-Encoding" && name != "Connection" && name != "Keep-Alive")
                answered.Headers[name] = values.ToArray();
        }

        await answer.Content.CopyToAsync(answered.Body, context.RequestAborted);
    }
}
