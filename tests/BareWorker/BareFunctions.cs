using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;

namespace BareWorker;

/// <summary>The least that a function can do, and the least that a refresh can do.</summary>
public sealed class BareFunctions(Sessions sessions)
{
    [Function("Empty")]
    public static HttpResponseData Empty([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "empty")] HttpRequestData request) =>
        request.CreateResponse(HttpStatusCode.OK);

    [Function("Transaction")]
    public async Task<HttpResponseData> TransactionAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "transaction/{connection:int}")] HttpRequestData request, int connection)
    {
        await sessions.RefreshAsync(connection);
        return request.CreateResponse(HttpStatusCode.OK);
    }
}
