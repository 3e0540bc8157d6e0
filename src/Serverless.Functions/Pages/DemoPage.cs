namespace Serverless.Functions.Pages;

/// <summary>In Development only, like the demo account.</summary>
public sealed class DemoPage(IHostEnvironment environment)
{
    private static readonly Page Page = new("demo", "src/client", "serverless-sessions", "session-sw.js");

    [Function(nameof(DemoPage))]
    [Operation("Returns the demo, a page that shows what the TypeScript client does.",
        "404 outside Development, or if the app was built without it; `detail` says how to build it.", Access = Access.Anyone)]
    [Answers(200, "The page.", Caching = Caching.Page)]
    [Refuses(nameof(ProblemCode.NotFound))]
    public Task<HttpResponseData> GetAsync(
        [HttpTrigger(Anonymous, "get", "head", Route = "demo")] HttpRequestData request) =>
        environment.IsDevelopment() ? Page.ReplyAsync(request) : NotHereAsync(request);

    [Function("DemoFile")]
    [Operation("Returns a file of the demo.", Access = Access.Anyone)]
    [Answers(200, "A script, a style sheet, an image, or the service worker.", Caching = Caching.PageFileOrWorker)]
    public Task<HttpResponseData> GetFileAsync(
        [HttpTrigger(Anonymous, "get", "head", Route = "demo/{file}")] HttpRequestData request, string file) =>
            environment.IsDevelopment() ? Page.ReplyAsync(request, file) : NotHereAsync(request);

    private static Task<HttpResponseData> NotHereAsync(HttpRequestData request) =>
        request.ReplyAsync(new Problem(ProblemCode.NotFound, "The demo is served in Development only."));
}
