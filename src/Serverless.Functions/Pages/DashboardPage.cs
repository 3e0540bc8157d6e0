namespace Serverless.Functions.Pages;

/// <summary>GET dashboard, and GET dashboard/{file}: the page for administrators, and what it loads. Anybody may have both; what
/// they show comes from the routes for administrators.</summary>
public static class DashboardPage
{
    private static readonly Page Page = new("dashboard", "src/dashboard");

    [Function(nameof(DashboardPage))]
    [Operation(
        "The page for administrators.",
        "It logs in by itself, and reads the routes for administrators. 404 where the app was built without it; `detail` says how to get it.",
        Access = Access.Anyone)]
    [Answers(200, "The page.", Caching = Caching.Page)]
    [Refuses(nameof(ProblemCode.NotFound))]
    public static Task<HttpResponseData> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "dashboard")] HttpRequestData request)
    {
        return Page.ReplyAsync(request);
    }

    [Function("DashboardFile")]
    [Operation("What the page loads.", Access = Access.Anyone)]
    [Answers(200, "A script, a style sheet or a picture.", Caching = Caching.PageFile)]
    public static Task<HttpResponseData> GetFileAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "dashboard/{file}")] HttpRequestData request,
        string file) => Page.ReplyAsync(request, file);
}
