namespace Serverless.Functions.Http;

/// <summary>Keeps a browser's refresh token in a cookie that no script can read. Browsers send it with requests of any page, so a
/// request that uses it must prove that an allowed page made it: by its Origin, which no script can set, and by a header that
/// CORS keeps other pages from sending.</summary>
public sealed class RefreshCookie(IOptions<RefreshCookieOptions> options, SessionPolicies policies)
{
    /// <summary>Browsers reject a cookie with this prefix unless it is secure, for this host alone, and for all of its paths
    /// (RFC 6265bis, 4.1.3.2).</summary>
    internal const string Name = "__Host-refresh";

    /// <summary>The header that a request must have to use the cookie; its value doesn't matter.</summary>
    internal const string ProofHeader = "X-Session-Request";

    private readonly HashSet<string> _origins = [.. options.Value.Origins];
    private readonly SameSite _sameSite = options.Value.SameSite == CookieSameSite.None ? SameSite.ExplicitNone : SameSite.Lax;

    internal bool IsOn => _origins.Count > 0;

    /// <summary>Whether a login asks for the cookie, which not every page may have.</summary>
    internal bool IsAskedFor(HttpRequestData request, bool? field)
    {
        if (field != true)
            return false;
        if (!IsOn)
            throw ProblemException.InvalidField("cookie", "is not available: Cookies__AllowedOrigins is empty.");
        RequireAllowedOrigin(request);
        return true;
    }

    /// <summary>The token in a request's cookie; null if there is none, if it is ambiguous, or if no origin is allowed.</summary>
    internal string? Read(HttpRequestData request)
    {
        // Not request.Cookies: the platform's parser fails on a header such as "a=b;".
        if (!IsOn || request.Header("Cookie") is not { } header)
            return null;
        // Split at semicolons only (RFC 6265, 4.2.1): values, which any page of the site can set, may contain commas. The host joins
        // several headers with one, but browsers send a single header, and the pieces of HTTP/2 are joined with semicolons.
        var values = header.Split(';', StringSplitOptions.TrimEntries)
            .Where(cookie => cookie.StartsWith($"{Name}=", StringComparison.Ordinal))
            .Select(cookie => cookie[(Name.Length + 1)..]).ToList();
        // A browser keeps one of this name: of two, one was planted. No token contains a comma.
        return values is [var value] && !value.Contains(',', StringComparison.Ordinal) ? value : null;
    }

    internal void RequireAllowedOrigin(HttpRequestData request)
    {
        if (request.Header("Origin") is not { } origin || !_origins.Contains(origin))
            throw new ProblemException(ProblemCode.OriginNotAllowed, "The page's origin may not use the cookie.");
        if (string.IsNullOrEmpty(request.Header(ProofHeader)))
            throw new ProblemException(ProblemCode.OriginNotAllowed, $"A request that uses the cookie needs the header {ProofHeader}: 1.");
    }

    /// <summary>Sets the cookie until the token expires, or without <c>remember</c> until the browser closes.</summary>
    internal void Set(HttpResponseData response, IssuedTokens tokens) => response.Cookies.Append(CookieOf(
        tokens.RefreshText,
        policies.Of(tokens.Refresh).Remembers ? Math.Floor((tokens.Refresh.ExpiresAt - tokens.Access.IssuedAt).TotalSeconds) : null));

    /// <summary>For final reasons only: after an outage, or if another tab refreshed first, the token is still needed.</summary>
    internal void Clear(HttpResponseData response) => response.Cookies.Append(CookieOf("", 0));

    private HttpCookie CookieOf(string value, double? maxAge) =>
        new(Name, value) { HttpOnly = true, Secure = true, Path = "/", SameSite = _sameSite, MaxAge = maxAge };
}

public sealed class RefreshCookieOptions : IValidatableObject
{
    [Setting("the origins that may keep their refresh token in a cookie; none turns cookie mode off",
        "pages use cookie mode; the platform's CORS must allow the same origins, with credentials",
        Allowed = "origins as a browser sends them (https, or http for localhost), separated by commas")]
    public string AllowedOrigins { get; set; } = "";

    [Setting("the SameSite attribute of the cookie", "the pages are on another site than the app; None needs allowed origins")]
    [EnumDataType(typeof(CookieSameSite))]
    public CookieSameSite SameSite { get; set; } = CookieSameSite.Lax;

    internal IReadOnlyList<string> Origins =>
        AllowedOrigins.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var origin in Origins.Where(origin => !IsOrigin(origin)))
        {
            yield return new(
                $"Cookies__{nameof(AllowedOrigins)} must be origins such as https://app.example.com (http only for localhost), "
                + $"separated by commas, but one is '{origin}'.");
        }

        if (SameSite == CookieSameSite.None && Origins.Count == 0)
        {
            yield return new(
                $"Cookies__{nameof(AllowedOrigins)} must be set, since Cookies__{nameof(SameSite)} is None and there are no "
                + "cookies without it, but is not.");
        }
    }

    // Browsers send origins in lower case and without a path, even a slash; anything else would never match.
    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && uri.GetLeftPart(UriPartial.Authority) == text
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback));
}

/// <summary>The SameSite attribute of the cookie (RFC 6265bis, 5.6.7).</summary>
public enum CookieSameSite
{
    Lax, // Sent by pages of the same site only.
    None, // Sent by pages of any site; the origin check keeps others out.
}
