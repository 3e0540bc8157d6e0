namespace Serverless.Functions.Pages;

/// <summary>The page and its files are public; the data comes from the admin routes.</summary>
public static class DashboardPage
{
    private static readonly Page Page = new("dashboard", "src/dashboard");

    [Function(nameof(DashboardPage))]
    [Operation("Returns the dashboard, the page for administrators.",
        "It has its own login, and reads the admin routes. 404 if the app was built without it; `detail` says how to build it.",
        Access = Access.Anyone)]
    [Answers(200, "The page.", Caching = Caching.Page)]
    [Refuses(nameof(ProblemCode.NotFound))]
    public static Task<HttpResponseData> GetAsync(
        [HttpTrigger(Anonymous, "get", "head", Route = "dashboard")] HttpRequestData request) => Page.ReplyAsync(request);

    [Function("DashboardFile")]
    [Operation("Returns a file of the dashboard.", Access = Access.Anyone)]
    [Answers(200, "A script, a style sheet or an image.", Caching = Caching.PageFile)]
    public static Task<HttpResponseData> GetFileAsync(
        [HttpTrigger(Anonymous, "get", "head", Route = "dashboard/{file}")] HttpRequestData request, string file) =>
            Page.ReplyAsync(request, file);
}
