namespace Serverless.Functions.Http;

/// <summary>
/// Keeps the refresh token of a browser where no script can read it. A cookie is sent along whoever makes the browser ask, so
/// a request that uses it must prove that one of our pages made it: by its Origin, which no script can set, and by a header
/// that no page can send to another origin unless that allows it.
/// </summary>
public sealed class RefreshCookie(IOptions<RefreshCookieOptions> options)
{
    /// <summary>The prefix makes browsers refuse it unless it is secure, for this host alone, and for all of its paths
    /// (RFC 6265bis, 4.1.3.2).</summary>
    internal const string Name = "__Host-refresh";

    /// <summary>The header that a request must have to use the cookie; its value doesn't matter.</summary>
    internal const string ProofHeader = "X-Session-Request";

    private readonly HashSet<string> _origins = [.. options.Value.Origins];
    private readonly SameSite _sameSite = options.Value.SameSite == CookieSameSite.None ? SameSite.ExplicitNone : SameSite.Lax;

    /// <summary>Whether any page may use it.</summary>
    internal bool IsOn => _origins.Count > 0;

    /// <summary>The token that a request has in its cookie; null where it has none, where it isn't clear which one it is, or
    /// where no page may use cookies.</summary>
    internal string? Read(HttpRequestData request)
    {
        // Not through request.Cookies: the platform's own reading fails on a header such as "a=b;".
        if (!IsOn || request.Header("Cookie") is not { } header)
            return null;
        // At semicolons only (RFC 6265, 4.2.1): a comma may stand in a value, which any page of the site can set. The host joins
        // several headers with one, but browsers send a single header, and the pieces of HTTP/2 are joined with semicolons.
        var values = header.Split(';', StringSplitOptions.TrimEntries)
            .Where(cookie => cookie.StartsWith($"{Name}=", StringComparison.Ordinal))
            .Select(cookie => cookie[(Name.Length + 1)..])
            .ToList();
        // A browser keeps one of this name. Of two, one was planted, and no token holds a comma.
        return values is [var value] && !value.Contains(',', StringComparison.Ordinal) ? value : null;
    }

    /// <summary>Refuses a request that may not have been made by one of our pages.</summary>
    internal void Check(HttpRequestData request)
    {
        if (request.Header("Origin") is not { } origin || !_origins.Contains(origin))
            throw new ProblemException(ProblemCode.OriginNotAllowed, "The page's origin is not among those that may use the cookie.");
        if (string.IsNullOrEmpty(request.Header(ProofHeader)))
            throw new ProblemException(ProblemCode.OriginNotAllowed, $"A request that uses the cookie needs the header {ProofHeader}: 1.");
    }

    /// <summary>Has the browser keep the refresh token: until it expires, or without <c>remember</c> until the browser closes.</summary>
    internal void Set(HttpResponseData response, IssuedTokens tokens) => response.Cookies.Append(CookieOf(
        tokens.RefreshText,
        tokens.Refresh.Remember ? Math.Floor((tokens.Refresh.ExpiresAt - tokens.Access.IssuedAt).TotalSeconds) : null));

    /// <summary>Has the browser forget the token. Only for a reason that is final: a token that a tab lost a race with, or that
    /// an outage kept from being refreshed, is still needed.</summary>
    internal void Clear(HttpResponseData response) => response.Cookies.Append(CookieOf("", 0));

    private HttpCookie CookieOf(string value, double? maxAge) => new(Name, value)
    {
        HttpOnly = true,
        Secure = true,
        Path = "/",
        SameSite = _sameSite,
        MaxAge = maxAge,
    };
}
