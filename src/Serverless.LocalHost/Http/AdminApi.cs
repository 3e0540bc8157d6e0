using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Serverless.LocalHost.Functions;
using Serverless.LocalHost.Timers;

namespace Serverless.LocalHost.Http;

/// <summary>What a developer needs of the host's <c>admin/</c>: its state, and to run a timer by hand.</summary>
internal sealed class AdminApi(IReadOnlyList<Function> functions, TimerHost timers)
{
    internal IEnumerable<Endpoint> Endpoints =>
    [
        HttpFront.Map("admin/host/status", [HttpMethods.Get], WriteStatusAsync, order: -2),
        HttpFront.Map("admin/functions/{name}", [HttpMethods.Post], RunAsync, order: -1),
    ];

    private static Task WriteStatusAsync(HttpContext http)
    {
        http.Response.ContentType = "application/json; charset=utf-8";
        return http.Response.WriteAsync("""{"state":"Running"}""");
    }

    private async Task RunAsync(HttpContext http)
    {
        var name = (string)http.Request.RouteValues["name"]!;
        var function = functions.FirstOrDefault(f => f.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        // A page in the developer's browser can send JSON only after a preflight.
        http.Response.StatusCode = function is null ? StatusCodes.Status404NotFound
            : !http.Request.HasJsonContentType() ? StatusCodes.Status415UnsupportedMediaType
            : !await IsObjectAsync(http.Request) || !timers.RunByHand(function) ? StatusCodes.Status400BadRequest
            : StatusCodes.Status202Accepted;
    }

    private static async Task<bool> IsObjectAsync(HttpRequest request)
    {
        try
        {
            using var json = await JsonDocument.ParseAsync(request.Body, default, request.HttpContext.RequestAborted);
            return json.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
