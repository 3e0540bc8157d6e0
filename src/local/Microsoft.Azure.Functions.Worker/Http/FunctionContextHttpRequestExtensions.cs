using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Azure.Functions.Worker.Runtime;

namespace Microsoft.Azure.Functions.Worker;

public static class FunctionContextHttpRequestExtensions
{
    /// <returns>The request, or null when the function has another trigger.</returns>
    public static ValueTask<HttpRequestData?> GetHttpRequestDataAsync(this FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        // A context that isn't ours is a product's test double; the official package asks it the same way.
        return context is Invocation invocation
            ? new(invocation.Request)
            : context.Features.Get<IHttpRequestDataFeature>()?.GetHttpRequestDataAsync(context) ?? default;
    }

    /// <returns>The response the function returned, or null when it returned none.</returns>
    public static HttpResponseData? GetHttpResponseData(this FunctionContext context) =>
        Invocation.Of(context).Result as HttpResponseData;
}
