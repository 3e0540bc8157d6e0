using System.Text.Json.Serialization.Metadata;

namespace Serverless.Functions.Http;

internal static class Replies
{
    public const string Json = "application/json; charset=utf-8";

    // The headers that the client reads. Pages of other origins need this, and the platform's CORS settings lack it.
    private const string ReadByPages = "Date, ETag, Retry-After";

    public static Task<HttpResponseData> ReplyAsync<T>(
        this HttpRequestData request, T body, JsonTypeInfo<T> type, HttpStatusCode status = HttpStatusCode.OK) =>
        WriteAsync(request, request.Empty(status), Json, body, type);

    public static Task<HttpResponseData> ReplyAsync(this HttpRequestData request, Problem problem)
    {
        var response = request.Empty(problem.Code.Status);
        if (problem.RetryAfterSeconds is { } seconds)
            response.Headers.Add("Retry-After", seconds);
        if (problem.Allow is { } methods)
            response.Headers.Add("Allow", string.Join(", ", methods));
        if (problem.Challenge is { } challenge)
            response.Headers.Add("WWW-Authenticate", challenge);
        var context = request.FunctionContext;
        // The W3C trace id, which the platform's logs contain.
        var traceId = context.TraceContext?.TraceParent is { Length: 55 } parent ? parent[3..35] : context.InvocationId;
        var body = ProblemBody.Of(problem, traceId);
        return WriteAsync(request, response, "application/problem+json; charset=utf-8", body, WireJson.Default.ProblemBody);
    }

    /// <summary>A line for each body.</summary>
    public static async Task<HttpResponseData> ReplyLinesAsync<T>(this HttpRequestData request, IEnumerable<T> bodies, JsonTypeInfo<T> type)
    {
        var response = request.Empty(HttpStatusCode.OK);
        response.Headers.Add("Content-Type", $"{MediaType.Lines}; charset=utf-8");
        foreach (var body in bodies)
        {
            await JsonSerializer.SerializeAsync(response.Body, body, type);
            response.Body.WriteByte((byte)'\n');
        }

        return response;
    }

    /// <summary>A response without a body. Caches must not store it; <see cref="CacheableReplies"/> has those that they may.</summary>
    public static HttpResponseData Empty(this HttpRequestData request, HttpStatusCode status)
    {
        var response = request.CreateResponse(status);
        response.Headers.Add("Cache-Control", "no-store");
        response.Headers.Add("X-Content-Type-Options", "nosniff");
        if (request.Header("Origin") is not null)
            response.Headers.Add("Access-Control-Expose-Headers", ReadByPages);
        return response;
    }

    /// <summary>A response to HEAD is the one to GET without its body (RFC 9110, 9.3.2).</summary>
    public static void LeaveOutBodyForHead(this HttpResponseData response, HttpRequestData request)
    {
        if (request.Method != "HEAD")
            return;
        response.Headers.Add("Content-Length", response.Body.Length.ToString(CultureInfo.InvariantCulture));
        response.Body.SetLength(0);
    }

    private static async Task<HttpResponseData> WriteAsync<T>(
        HttpRequestData request, HttpResponseData response, string contentType, T body, JsonTypeInfo<T> type)
    {
        response.Headers.Add("Content-Type", contentType);
        await JsonSerializer.SerializeAsync(response.Body, body, type);
        response.LeaveOutBodyForHead(request);
        return response;
    }
}
