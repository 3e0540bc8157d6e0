using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Azure.Functions.Worker.Runtime.Timers;

namespace Microsoft.Azure.Functions.Worker.Runtime.Http;

/// <summary>What of the host's <c>admin/</c> a developer needs: the state, the functions, and to run a timer by hand.</summary>
internal sealed class AdminApi(IReadOnlyList<Function> functions, TimerHost timers)
{
    internal IEnumerable<Endpoint> Endpoints =>
    [
        Map("admin/host/status", HttpMethods.Get, http => http.Response.WriteAsJsonAsync(
            new Dictionary<string, string> { ["state"] = "Running" }, http.RequestAborted)),
        Map("admin/functions", HttpMethods.Get, http => http.Response.WriteAsJsonAsync(
            functions.Select(f => new Dictionary<string, string> { ["name"] = f.Name }), http.RequestAborted)),
        Map("admin/functions/{name}", HttpMethods.Post, RunAsync),
    ];

    private static Endpoint Map(string route, string method, RequestDelegate handler) => RequestPipeline.Map(
        http => IsLocal(http.Connection) ? handler(http) : Answer(http, StatusCodes.Status401Unauthorized),
        RoutePatternFactory.Parse(route), $"{method} {route}", [method]);

    private async Task RunAsync(HttpContext http)
    {
        // A page in the developer's browser can send this without asking only as text or a form; the host refuses both, too.
        if (!http.Request.HasJsonContentType())
        {
            await Answer(http, StatusCodes.Status415UnsupportedMediaType).ConfigureAwait(false);
            return;
        }

        if (!await HasInputAsync(http.Request).ConfigureAwait(false))
        {
            await Answer(http, StatusCodes.Status400BadRequest).ConfigureAwait(false);
            return;
        }

        var name = (string)http.Request.RouteValues["name"]!;
        var function = functions.FirstOrDefault(f => f.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (function is TimerFunction timer)
            timers.RunByHand(timer);
        await Answer(http, function switch
        {
            null => StatusCodes.Status404NotFound,
            TimerFunction => StatusCodes.Status202Accepted,
            // An HTTP function has a URL of its own to be called at.
            _ => StatusCodes.Status400BadRequest,
        }).ConfigureAwait(false);
    }

    /// <summary>Whether the body is <c>{ "input": text }</c>; the input may be missing, a timer has no use for it.</summary>
    private static async Task<bool> HasInputAsync(HttpRequest request)
    {
        try
        {
            using var json = await JsonDocument.ParseAsync(request.Body, default, request.HttpContext.RequestAborted)
                .ConfigureAwait(false);
            return json.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool IsLocal(ConnectionInfo connection) =>
        connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address);

    private static Task Answer(HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    }
}
