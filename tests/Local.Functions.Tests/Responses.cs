using Microsoft.Azure.Functions.Worker.Http;

namespace Local.Functions.Tests;

internal static class Responses
{
    internal static async Task<HttpResponseData> Text(this HttpRequestData request, string text)
    {
        var response = request.CreateResponse();
        await response.WriteStringAsync(text);
        return response;
    }
}
