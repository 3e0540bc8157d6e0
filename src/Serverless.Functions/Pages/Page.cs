namespace Serverless.Functions.Pages;

/// <summary>A page and its files, embedded in this assembly and served with a strict Content-Security-Policy.</summary>
/// <param name="route">Its route, and the prefix of its embedded files.</param>
/// <param name="trustedTypes">The allowed Trusted Types policies: <c>'none'</c>, or their names.</param>
internal sealed class Page(string route, string source, string trustedTypes = "'none'", string? worker = null)
{
    private const string Index = "index.html";

    // A file's name changes with its content.
    private const string Forever = "public, max-age=31536000, immutable";

    // Loaded on first use, to keep the start fast.
    private readonly Lazy<Dictionary<string, EmbeddedFile>> _files = new(() => EmbeddedFile.ReadAll($"{route}/"));

    // No inline script, no HTML from strings.
    private readonly string _policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        + (worker is null ? "" : "worker-src 'self'; ") + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        + $"require-trusted-types-for 'script'; trusted-types {trustedTypes}";

    public Task<HttpResponseData> ReplyAsync(HttpRequestData request) =>
        request.Url.AbsolutePath.EndsWith('/') ? Task.FromResult(MoveUp(request))
        : _files.Value.TryGetValue(Index, out var page) ? ReplyAsync(request, page, "no-cache")
        : request.ReplyAsync(new Problem(
            ProblemCode.NotFound,
            $"This build has no {route}: run `npm ci` and `npm run build --workspace {source}` at the root of the repository, then build "
            + "the app again."));

    public async Task<HttpResponseData> ReplyAsync(HttpRequestData request, string file)
    {
        if (file == Index || !_files.Value.TryGetValue(file, out var found))
            return await request.ReplyAsync(new Problem(ProblemCode.NotFound, $"The {route} has no such file."));
        if (file != worker)
            return await ReplyAsync(request, found, Forever);
        // It keeps its name, and controls the page one level up.
        var response = await ReplyAsync(request, found, "no-cache");
        response.Headers.Add("Service-Worker-Allowed", $"../{route}");
        return response;
    }

    private async Task<HttpResponseData> ReplyAsync(HttpRequestData request, EmbeddedFile file, string cacheControl)
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
