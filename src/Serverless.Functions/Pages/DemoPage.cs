namespace Serverless.Functions.Pages;

/// <summary>GET demo, and GET demo/{file}: a page that shows what the client does, and what it loads. In Development and never
/// elsewhere, as the demo account.</summary>
public sealed class DemoPage(IHostEnvironment environment)
{
    private static readonly Page Page = new("demo", "src/client", "serverless-sessions", "session-sw.js");

    [Function(nameof(DemoPage))]
    [Operation(
        "A page that shows what the TypeScript client does.",
        "For developers. 404 outside of Development, and where the app was built without it; `detail` says how to get it.",
        Access = Access.Anyone)]
    [Answers(200, "The page.", Caching = Caching.Page)]
    [Refuses(nameof(ProblemCode.NotFound))]
    public Task<HttpResponseData> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "demo")] HttpRequestData request)
    {
        return environment.IsDevelopment() ? Page.ReplyAsync(request) : NotHereAsync(request);
    }

    [Function("DemoFile")]
    [Operation("What the page loads.", Access = Access.Anyone)]
    [Answers(200, "A script, a style sheet, a picture, or the service worker.", Caching = Caching.PageFileOrWorker)]
    public Task<HttpResponseData> GetFileAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "demo/{file}")] HttpRequestData request,
        string file) => environment.IsDevelopment() ? Page.ReplyAsync(request, file) : NotHereAsync(request);

    private static Task<HttpResponseData> NotHereAsync(HttpRequestData request) =>
        request.ReplyAsync(new Problem(ProblemCode.NotFound, "The demo is served in Development only."));
}
