using System.Net;
using System.Text;
using Azure.Core.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Microsoft.Azure.Functions.Worker.Http;

public static class HttpRequestDataExtensions
{
    public static HttpResponseData CreateResponse(this HttpRequestData request, HttpStatusCode statusCode)
    {
        ArgumentNullException.ThrowIfNull(request);
        var response = request.CreateResponse();
        response.StatusCode = statusCode;
        return response;
    }

    public static async Task<string?> ReadAsStringAsync(this HttpRequestData request, Encoding? encoding = null)
    {
        using var reader = Reader(request, encoding);
        return await reader.ReadToEndAsync().ConfigureAwait(false);
    }

    public static string? ReadAsString(this HttpRequestData request, Encoding? encoding = null)
    {
        using var reader = Reader(request, encoding);
        return reader.ReadToEnd();
    }

    public static ValueTask<T?> ReadFromJsonAsync<T>(this HttpRequestData request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.ReadFromJsonAsync<T>(SerializerOf(request.FunctionContext), cancellationToken);
    }

    /// <exception cref="AggregateException">
    /// The body could not be read: the official package wraps what the serializer threw, so this one does, too.
    /// </exception>
    public static async ValueTask<T?> ReadFromJsonAsync<T>(
        this HttpRequestData request, ObjectSerializer serializer, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(serializer);
        try
        {
            return (T?)await serializer.DeserializeAsync(request.Body, typeof(T), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new AggregateException(e);
        }
    }

    internal static ObjectSerializer SerializerOf(FunctionContext context) =>
        context.InstanceServices.GetService<IOptions<WorkerOptions>>()?.Value.Serializer
        ?? throw new InvalidOperationException("A serializer is not configured for the worker.");

    private static StreamReader Reader(HttpRequestData request, Encoding? encoding)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new StreamReader(request.Body, encoding ?? Encoding.UTF8, true, 1024, leaveOpen: true);
    }
}
