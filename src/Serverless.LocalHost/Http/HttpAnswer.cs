using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Serverless.LocalHost.Functions;
using Serverless.LocalHost.Protocol;

namespace Serverless.LocalHost.Http;

/// <summary>Writes what a function returned.</summary>
internal static class HttpAnswer
{
    internal static Task WriteAsync(HttpContext http, Function function, InvocationResponse invocation)
    {
        var value = invocation.OutputData.FirstOrDefault(o => o.Name == function.HttpOutput)?.Data ?? invocation.ReturnValue;
        var body = value;
        if (value?.DataCase == TypedData.DataOneofCase.Http)
        {
            try
            {
                WriteHead(http.Response, value.Http);
            }
            catch (Exception e) when (e is FormatException or InvalidOperationException or ArgumentException)
            {
                // The function set a header or a status that HTTP doesn't allow.
                Logs.Output.Log(Microsoft.Extensions.Logging.LogLevel.Error, $"Function '{function.Name}': {e.Message}");
                http.Response.Clear();
                http.Response.StatusCode = StatusCodes.Status500InternalServerError;
                return Task.CompletedTask;
            }

            body = value.Http.Body;
        }
        else if (value?.DataCase is null or TypedData.DataOneofCase.None)
        {
            http.Response.StatusCode = StatusCodes.Status204NoContent;
        }
        else
        {
            http.Response.ContentType = value.DataCase == TypedData.DataOneofCase.Json
                ? "application/json; charset=utf-8"
                : "text/plain; charset=utf-8";
        }

        return WriteBodyAsync(http, BytesOf(body));
    }

    private static void WriteHead(HttpResponse response, Protocol.Http answer)
    {
        response.StatusCode = int.Parse(answer.StatusCode, CultureInfo.InvariantCulture);
        foreach (var (name, value) in answer.Headers)
        {
            // The length is that of the body; the server decides how it is transferred.
            if (!name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase)
                && !name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase))
            {
                response.Headers[name] = value;
            }
        }

        foreach (var cookie in answer.Cookies)
        {
            response.Cookies.Append(cookie.Name, cookie.Value, new()
            {
                Domain = cookie.Domain?.Value,
                Path = cookie.Path?.Value is { Length: > 0 } path ? path : "/",
                Expires = cookie.Expires?.Value?.ToDateTimeOffset(),
                MaxAge = cookie.MaxAge is { HasValue: true } age ? TimeSpan.FromSeconds(age.Value) : null,
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

    private static Task WriteBodyAsync(HttpContext http, ReadOnlyMemory<byte> body)
    {
        var response = http.Response;
        if (response.StatusCode is StatusCodes.Status204NoContent or StatusCodes.Status205ResetContent or StatusCodes.Status304NotModified)
            return Task.CompletedTask;
        response.ContentLength = body.Length;
        return body.IsEmpty || HttpMethods.IsHead(http.Request.Method)
            ? Task.CompletedTask
            : response.BodyWriter.WriteAsync(body).AsTask();
    }

    private static ReadOnlyMemory<byte> BytesOf(TypedData? data) => data?.DataCase switch
    {
        TypedData.DataOneofCase.Bytes => data.Bytes.Memory,
        TypedData.DataOneofCase.Stream => data.Stream.Memory,
        TypedData.DataOneofCase.String => Encoding.UTF8.GetBytes(data.String),
        TypedData.DataOneofCase.Json => Encoding.UTF8.GetBytes(data.Json),
        TypedData.DataOneofCase.Int => Encoding.UTF8.GetBytes(data.Int.ToString(CultureInfo.InvariantCulture)),
        TypedData.DataOneofCase.Double => Encoding.UTF8.GetBytes(data.Double.ToString(CultureInfo.InvariantCulture)),
        _ => default,
    };
}
