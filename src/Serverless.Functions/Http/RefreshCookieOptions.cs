namespace Serverless.Functions.Http;

/// <summary>Which web pages may have their refresh token kept in a cookie.</summary>
public sealed class RefreshCookieOptions : IValidatableObject
{
    public const string Section = "Cookies";

    [Setting("the web pages that may have their refresh token kept in a cookie; none turns cookie mode off",
        "pages use cookie mode; the platform's CORS must allow the same, with credentials",
        Allowed = "origins as a browser sends them (https, or http for localhost), separated by commas")]
    public string AllowedOrigins { get; set; } = "";

    [Setting("when a browser sends the cookie along", "the pages are of another site than the app; needs allowed origins")]
    [EnumDataType(typeof(CookieSameSite))]
    public CookieSameSite SameSite { get; set; } = CookieSameSite.Lax;

    /// <summary>The allowed origins, one by one.</summary>
    internal IReadOnlyList<string> Origins =>
        AllowedOrigins.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var origin in Origins.Where(origin => !IsOrigin(origin)))
        {
            yield return new(
                $"{Section}__{nameof(AllowedOrigins)} must be origins such as https://app.example.com (http only for localhost), "
                + $"separated by commas, but one is '{origin}'.");
        }

        if (SameSite == CookieSameSite.None && Origins.Count == 0)
        {
            yield return new(
                $"{Section}__{nameof(AllowedOrigins)} must be set, since {Section}__{nameof(SameSite)} is None and there are no cookies "
                + "without it, but is not.");
        }
    }

    // What a browser sends has no path, not even a slash, and is in lower case; anything else would never match.
    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && uri.GetLeftPart(UriPartial.Authority) == text
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && IsThisMachine(uri)));

    private static bool IsThisMachine(Uri uri) =>
        uri.Host == "localhost" || (IPAddress.TryParse(uri.DnsSafeHost, out var address) && IPAddress.IsLoopback(address));
}

/// <summary>The SameSite attribute of the cookie (RFC 6265bis, 5.6.7).</summary>
public enum CookieSameSite
{
    /// <summary>Sent by pages of the same site only.</summary>
    Lax,

    /// <summary>Sent by pages of any site; the origin check is what keeps strangers out.</summary>
    None,
}
