using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Faults.Tests.Proxy;

/// <summary>Passes requests to storage unchanged, as their signatures need.</summary>
internal sealed class Forwarder(Azurite azurite) : IDisposable
{
    private readonly HttpMessageInvoker _storage =
        new(new SocketsHttpHandler { UseProxy = false, UseCookies = false, ActivityHeadersPropagator = null });

    public void Dispose() => _storage.Dispose();

    /// <returns>The connection string that leads to storage over this address.</returns>
    public string RouteOver(string address) =>
        azurite.ConnectionString.Replace($"http://127.0.0.1:{azurite.Port}/", $"{address}/", StringComparison.Ordinal);

    public static async Task<byte[]> ReadBodyAsync(HttpContext context)
    {
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer, context.RequestAborted);
        return buffer.ToArray();
    }

    public async Task<HttpResponseMessage> SendAsync(HttpContext context, byte[] body)
    {
        var url = new Uri(
            $"http://127.0.0.1:{azurite.Port}{TargetOf(context)}",
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var request = new HttpRequestMessage(new(context.Request.Method), url) { Content = new ByteArrayContent(body) };
        foreach (var (name, values) in context.Request.Headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, values.ToArray()))
                request.Content.Headers.TryAddWithoutValidation(name, values.ToArray());
        }

        return await _storage.SendAsync(request, CancellationToken.None);
    }

    public static async Task AnswerAsync(HttpContext context, HttpResponseMessage reply, byte[] content)
    {
        context.Response.StatusCode = (int)reply.StatusCode;
        foreach (var (name, value) in HeadersOf(reply))
            context.Response.Headers[name] = value;
        if (content.Length > 0)
            await context.Response.Body.WriteAsync(content, context.RequestAborted);
    }

    public static string TargetOf(HttpContext context) => context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;

    public static IEnumerable<(string Name, string Value)> HeadersOf(HttpResponseMessage reply) =>
        from header in reply.Headers.NonValidated.Concat(reply.Content.Headers.NonValidated)
        where header.Key is not ("Transfer-Encoding" or "Connection" or "Keep-Alive" or "Content-Length")
        select (header.Key, string.Join(", ", header.Value));
}
