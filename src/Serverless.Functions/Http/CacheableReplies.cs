using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Serialization.Metadata;

namespace Serverless.Functions.Http;

/// <summary>Responses with an ETag: public ones, which any cache may store, and responses to polls, which none may.</summary>
internal static class CacheableReplies
{
    public static Task<HttpResponseData> ReplyCacheableAsync<T>(
        this HttpRequestData request, T body, JsonTypeInfo<T> type, TimeSpan maxAge)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body, type);
        return request.ReplyCacheableAsync(bytes, Replies.Json, TagOf(bytes), maxAge);
    }

    public static Task<HttpResponseData> ReplyCacheableAsync(
        this HttpRequestData request, ReadOnlyMemory<byte> body, string contentType, string entityTag, TimeSpan maxAge) =>
        request.ReplyCacheableAsync(
            body, contentType, entityTag, string.Create(CultureInfo.InvariantCulture, $"public, max-age={(long)maxAge.TotalSeconds}"));

    public static Task<HttpResponseData> ReplyCacheableAsync(
        this HttpRequestData request, ReadOnlyMemory<byte> body, string contentType, string entityTag, string cacheControl)
    {
        var response = request.CreateResponse(HttpStatusCode.OK);
        response.Headers.Add("Cache-Control", cacheControl);
        response.Headers.Add("X-Content-Type-Options", "nosniff");
        return CompleteAsync(request, response, body, contentType, entityTag);
    }

    /// <summary>Responds to a poll. The content is private, so no cache may store it.</summary>
    public static Task<HttpResponseData> ReplyPollAsync<T>(this HttpRequestData request, T body, JsonTypeInfo<T> type)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body, type);
        return CompleteAsync(request, request.Empty(HttpStatusCode.OK), bytes, Replies.Json, TagOf(bytes));
    }

    /// <summary>The ETag of some content: equal content has the same one on every instance.</summary>
    public static string TagOf(ReadOnlySpan<byte> content) =>
        $"\"{Base64Url.EncodeToString(SHA256.HashData(content).AsSpan(0, 16))}\"";

    // 304 if the caller's copy is current.
    private static async Task<HttpResponseData> CompleteAsync(
        HttpRequestData request, HttpResponseData response, ReadOnlyMemory<byte> body, string contentType, string entityTag)
    {
        response.Headers.Add("ETag", entityTag);
        if (Knows(request.Header("If-None-Match"), entityTag))
        {
            response.StatusCode = HttpStatusCode.NotModified;
            return response;
        }

        response.Headers.Add("Content-Type", contentType);
        await response.Body.WriteAsync(body);
        response.LeaveOutBodyForHead(request);
        return response;
    }

    // The weak comparison of RFC 9110, 13.1.2. Our ETags contain no comma.
    private static bool Knows(string? ifNoneMatch, string entityTag) => ifNoneMatch?.Split(',').Any(each =>
        each.Trim() is var tag && (tag == "*" || tag == entityTag || tag == "W/" + entityTag)) == true;
}
