namespace Serverless.Functions.Http;

public sealed class RefreshCookieOptions : IValidatableObject
{
    public const string Section = "Cookies";

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
