using System.Net;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Serverless.Functions.Http;

namespace Serverless.Functions.Dashboard;

/// <summary>GET dashboard, and GET dashboard/{file}: the page for administrators, and what it loads. Anybody may have both; what
/// they show comes from the routes for administrators.</summary>
public static class DashboardPage
{
    // Nothing but our own files, and nothing that a text could turn into script: no inline code, no markup out of strings.
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
        + "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    // A file's name changes with its content.
    private const string Forever = "public, max-age=31536000, immutable";

    /// <summary>GET: the page.</summary>
    [Function(nameof(DashboardPage))]
    public static Task<HttpResponseData> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "dashboard")] HttpRequestData request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Url.AbsolutePath.EndsWith('/'))
            return Task.FromResult(MoveUp(request));
        return DashboardFile.All.TryGetValue(DashboardFile.Page, out var page)
            ? ReplyAsync(request, page, "no-cache")
            : request.ReplyAsync(new Problem(
                ProblemCode.NotFound,
                "This build has no dashboard: run `npm ci` and `npm run build --workspace src/dashboard` at the root of the repository, "
                + "then build the app again."));
    }

    /// <summary>GET: a script, a style sheet or a picture of the page.</summary>
    [Function("DashboardFile")]
    public static Task<HttpResponseData> GetFileAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "dashboard/{file}")] HttpRequestData request,
        string file) =>
        file != DashboardFile.Page && DashboardFile.All.TryGetValue(file, out var found)
            ? ReplyAsync(request, found, Forever)
            : request.ReplyAsync(new Problem(ProblemCode.NotFound, "The dashboard has no such file."));

    private static async Task<HttpResponseData> ReplyAsync(HttpRequestData request, DashboardFile file, string cacheControl)
    {
        var response = await request.ReplyCacheableAsync(file.Content, file.ContentType, file.EntityTag, cacheControl).ConfigureAwait(false);
        response.Headers.Add("Content-Security-Policy", ContentSecurityPolicy);
        response.Headers.Add("Cross-Origin-Opener-Policy", "same-origin");
        response.Headers.Add("Cross-Origin-Resource-Policy", "same-origin");
        response.Headers.Add("Referrer-Policy", "no-referrer");
        return response;
    }

    // The page names its files relative to its address. Relative itself, since only a proxy knows the address from outside.
    private static HttpResponseData MoveUp(HttpRequestData request)
    {
        var response = request.Empty(HttpStatusCode.PermanentRedirect);
        response.Headers.Add("Location", "../dashboard");
        return response;
    }
}
