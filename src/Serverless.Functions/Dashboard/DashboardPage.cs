using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Serverless.Functions.Pages;

namespace Serverless.Functions.Dashboard;

/// <summary>GET dashboard, and GET dashboard/{file}: the page for administrators, and what it loads. Anybody may have both; what
/// they show comes from the routes for administrators.</summary>
public static class DashboardPage
{
    private static readonly Page Page = new("dashboard", "src/dashboard");

    /// <summary>GET: the page.</summary>
    [Function(nameof(DashboardPage))]
    public static Task<HttpResponseData> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "dashboard")] HttpRequestData request)
    {
        return Page.ReplyAsync(request);
    }

    /// <summary>GET: a script, a style sheet or a picture of the page.</summary>
    [Function("DashboardFile")]
    public static Task<HttpResponseData> GetFileAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "dashboard/{file}")] HttpRequestData request,
        string file) => Page.ReplyAsync(request, file);
}
