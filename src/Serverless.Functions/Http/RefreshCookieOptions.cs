using System.Net;

namespace Serverless.Functions.Http;

/// <summary>Which web pages may have their refresh token kept in a cookie. Section <c>Cookies</c>.</summary>
public sealed class RefreshCookieOptions : IValidatableObject
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Cookies";

    /// <summary>The origins of the pages that may, as a browser sends them: <c>https://app.example.com</c>. The same must be
    /// allowed by the platform's CORS, with credentials.</summary>
    /// <value>Origins, separated by commas; https, or http for localhost. Default none: cookie mode is off.</value>
    public string AllowedOrigins { get; set; } = "";

    /// <summary>When a browser sends the cookie along. Pages of another site than the app's need None.</summary>
    /// <value>Lax or None. Default Lax.</value>
    [EnumDataType(typeof(CookieSameSite))]
    public CookieSameSite SameSite { get; set; } = CookieSameSite.Lax;

    /// <summary>The allowed origins, one by one.</summary>
    internal IReadOnlyList<string> Origins =>
        AllowedOrigins.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <inheritdoc/>
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
