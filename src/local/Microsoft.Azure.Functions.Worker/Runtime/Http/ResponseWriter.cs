using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker.Http;

namespace Microsoft.Azure.Functions.Worker.Runtime.Http;

/// <summary>Sends what a function returned.</summary>
internal static class ResponseWriter
{
    internal static Task WriteAsync(HttpContext http, Invocation invocation)
    {
        switch (invocation.Result)
        {
            case HttpResponseData data:
                return WriteAsync(http, data);
            case null:
                // A function without a result: 204, as the host has answered since version 2.
                http.Response.StatusCode = StatusCodes.Status204NoContent;
                return Task.CompletedTask;
            case string text:
                http.Response.ContentType = "text/plain; charset=utf-8";
                return http.Response.WriteAsync(text, http.RequestAborted);
            default:
                return WriteObjectAsync(http, invocation);
        }
    }

    private static async Task WriteAsync(HttpContext http, HttpResponseData data)
    {
        var response = http.Response;
        response.StatusCode = (int)data.StatusCode;
        foreach (var (name, values) in data.Headers.NonValidated)
        {
            // Both describe the body and follow from it.
            if (name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase)
                || name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            // The official worker hands several values over to the host as one, joined like this.
            response.Headers[name] = values.Count == 1 ? values.ToString() : string.Join(',', values);
        }

        if (data is OutgoingResponse outgoing)
        {
            foreach (var cookie in outgoing.SentCookies)
                response.Cookies.Append(cookie.Name, cookie.Value, Options(cookie));
        }

        if (data.StatusCode is HttpStatusCode.NoContent or HttpStatusCode.ResetContent or HttpStatusCode.NotModified)
            return;
        var body = await BytesAsync(data.Body).ConfigureAwait(false);
        response.ContentLength = body.Length;
        if (body.Length > 0 && !HttpMethods.IsHead(http.Request.Method))
            await response.BodyWriter.WriteAsync(body).ConfigureAwait(false);
    }

    private static async Task WriteObjectAsync(HttpContext http, Invocation invocation)
    {
        var serializer = HttpRequestDataExtensions.SerializerOf(invocation);
        var json = new MemoryStream();
        await serializer
            .SerializeAsync(json, invocation.Result, invocation.Result!.GetType(), http.RequestAborted).ConfigureAwait(false);
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.ContentLength = json.Length;
        await http.Response.BodyWriter.WriteAsync(json.GetBuffer().AsMemory(0, (int)json.Length)).ConfigureAwait(false);
    }

    private static ValueTask<ReadOnlyMemory<byte>> BytesAsync(Stream body) =>
        body is MemoryStream memory && memory.TryGetBuffer(out var bytes)
            ? new(bytes.AsMemory())
            : CopyAsync(body);

    private static async ValueTask<ReadOnlyMemory<byte>> CopyAsync(Stream body)
    {
        if (body.CanSeek)
            body.Position = 0;
        using var copy = new MemoryStream();
        await body.CopyToAsync(copy).ConfigureAwait(false);
        return copy.ToArray();
    }

    private static CookieOptions Options(IHttpCookie cookie) => new()
    {
        Domain = cookie.Domain,
        Path = cookie.Path ?? "/",
        Expires = cookie.Expires,
        MaxAge = cookie.MaxAge is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        HttpOnly = cookie.HttpOnly ?? false,
        Secure = cookie.Secure ?? false,
        SameSite = cookie.SameSite switch
        {
            SameSite.Lax => SameSiteMode.Lax,
            SameSite.Strict => SameSiteMode.Strict,
            SameSite.ExplicitNone => SameSiteMode.None,
            _ => SameSiteMode.Unspecified,
        },
    };
}
