using System.Text;
using Data = Serverless.LocalHost.Protocol.TypedData.DataOneofCase;

namespace Serverless.LocalHost.Http;

/// <summary>Writes a function's result as the HTTP response.</summary>
internal static class HttpAnswer
{
    internal static Task WriteAsync(HttpContext http, InvocationResponse invocation)
    {
        var (request, response) = (http.Request, http.Response);
        var value = invocation.OutputData.FirstOrDefault(o => o.Data?.DataCase == Data.Http)?.Data ?? invocation.ReturnValue;
        if (value?.DataCase == Data.Http)
            WriteHead(request, response, value.Http);
        else if (value?.DataCase is null or Data.None)
            response.StatusCode = StatusCodes.Status204NoContent;
        else
            response.ContentType = value.DataCase == Data.Json ? "application/json; charset=utf-8" : "text/plain; charset=utf-8";

        // Only the function knows the length of a response to HEAD.
        if (HttpMethods.IsHead(request.Method)
            || response.StatusCode is StatusCodes.Status204NoContent or StatusCodes.Status205ResetContent
                or StatusCodes.Status304NotModified)
            return Task.CompletedTask;
        var body = BytesOf(value?.DataCase == Data.Http ? value.Http.Body : value);
        response.ContentLength = body.Length;
        return body.IsEmpty ? Task.CompletedTask : response.BodyWriter.WriteAsync(body).AsTask();
    }

    private static void WriteHead(HttpRequest request, HttpResponse response, Protocol.Http answer)
    {
        response.StatusCode = int.Parse(answer.StatusCode, CultureInfo.InvariantCulture);
        // The server chooses the transfer encoding and sets the length of a body.
        string[] own = HttpMethods.IsHead(request.Method) ? ["Transfer-Encoding"] : ["Transfer-Encoding", "Content-Length"];
        foreach (var (name, value) in answer.Headers.Where(header => !own.Contains(header.Key, StringComparer.OrdinalIgnoreCase)))
            response.Headers[name] = value;
        foreach (var cookie in answer.Cookies)
        {
            response.Cookies.Append(cookie.Name, cookie.Value, new()
            {
                Domain = cookie.Domain?.Value,
                Path = cookie.Path?.Value is { Length: > 0 } path ? path : "/",
                Expires = cookie.Expires?.Value?.ToDateTimeOffset(),
                MaxAge = cookie.MaxAge is { HasValue: true, Value: var seconds } ? TimeSpan.FromSeconds(seconds) : null,
                Secure = cookie.Secure?.Value ?? false,
                HttpOnly = cookie.HttpOnly?.Value ?? false,
                SameSite = cookie.SameSite switch
                {
                    HttpCookie.Types.SameSite.Lax => SameSiteMode.Lax,
                    HttpCookie.Types.SameSite.Strict => SameSiteMode.Strict,
                    HttpCookie.Types.SameSite.ExplicitNone => SameSiteMode.None,
                    _ => SameSiteMode.Unspecified,
                },
            });
        }
    }

    private static ReadOnlyMemory<byte> BytesOf(TypedData? data) => data?.DataCase switch
    {
        Data.Bytes => data.Bytes.Memory,
        Data.String => Encoding.UTF8.GetBytes(data.String),
        Data.Json => Encoding.UTF8.GetBytes(data.Json),
        _ => default,
    };
}
