namespace Serverless.Functions.Pages;

/// <summary>A page that this app serves, and what it loads: nothing but files of this assembly, and nothing that a text could turn into
/// script.</summary>
/// <param name="route">Its route, and the prefix of its embedded files.</param>
/// <param name="source">The workspace that it is built from.</param>
/// <param name="trustedTypes">The policies by which a text may become the address of a script: none, or their names.</param>
/// <param name="worker">The service worker among its files, if it has one.</param>
internal sealed class Page(string route, string source, string trustedTypes = "'none'", string? worker = null)
{
    private const string Index = "index.html";

    // A file's name changes with its content.
    private const string Forever = "public, max-age=31536000, immutable";

    // Read when somebody asks: a start has no use for them.
    private readonly Lazy<Dictionary<string, PageFile>> _files = new(() => PageFile.Load($"{route}/"));

    // No inline code, no markup out of strings.
    private readonly string _policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        + (worker is null ? "" : "worker-src 'self'; ")
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        + $"require-trusted-types-for 'script'; trusted-types {trustedTypes}";

    /// <summary>The page itself.</summary>
    public Task<HttpResponseData> ReplyAsync(HttpRequestData request) =>
        request.Url.AbsolutePath.EndsWith('/') ? Task.FromResult(MoveUp(request))
        : _files.Value.TryGetValue(Index, out var page) ? ReplyAsync(request, page, "no-cache")
        : request.ReplyAsync(new Problem(
            ProblemCode.NotFound,
            $"This build has no {route}: run `npm ci` and `npm run build --workspace {source}` at the root of the repository, then build "
            + "the app again."));

    /// <summary>A script, a style sheet or a picture of the page.</summary>
    public async Task<HttpResponseData> ReplyAsync(HttpRequestData request, string file)
    {
        if (file == Index || !_files.Value.TryGetValue(file, out var found))
            return await request.ReplyAsync(new Problem(ProblemCode.NotFound, $"The {route} has no such file."));
        if (file != worker)
            return await ReplyAsync(request, found, Forever);
        // It is known by its name, and is for the page one level up.
        var response = await ReplyAsync(request, found, "no-cache");
        response.Headers.Add("Service-Worker-Allowed", $"../{route}");
        return response;
    }

    private async Task<HttpResponseData> ReplyAsync(HttpRequestData request, PageFile file, string cacheControl)
    {
        var response = await request.ReplyCacheableAsync(file.Content, file.ContentType, file.EntityTag, cacheControl);
        response.Headers.Add("Content-Security-Policy", _policy);
        response.Headers.Add("Cross-Origin-Opener-Policy", "same-origin");
        response.Headers.Add("Cross-Origin-Resource-Policy", "same-origin");
        response.Headers.Add("Referrer-Policy", "no-referrer");
        return response;
    }

    // The page refers to its files by relative URLs. The redirect is relative, too, because only a proxy knows the public address.
    private HttpResponseData MoveUp(HttpRequestData request)
    {
        var response = request.Empty(HttpStatusCode.PermanentRedirect);
        response.Headers.Add("Location", $"../{route}");
        return response;
    }
}
