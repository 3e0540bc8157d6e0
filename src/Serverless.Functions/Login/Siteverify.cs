namespace Serverless.Functions.Login;

/// <summary>Checks captchas with the contract that Turnstile, hCaptcha and reCAPTCHA share: a form with the secret and the token,
/// answered with <c>success</c> and <c>error-codes</c>.</summary>
internal sealed class Siteverify(IOptions<CaptchaOptions> options) : ICaptcha, IDisposable
{
    private readonly CaptchaOptions _options = options.Value;

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        // The secret must not follow a redirect.
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = !options.Value.Siteverify.IsLoopback,
        // Picks up DNS changes.
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    })
    {
        // After this, a login that needs the provider gets 503.
        Timeout = TimeSpan.FromSeconds(5),
        // A response has a few hundred bytes.
        MaxResponseContentBufferSize = 64 * 1024,
    };

    public void Dispose() => _http.Dispose();

    public async Task<bool> IsSolvedAsync(CaptchaToken token, string ipAddress, CancellationToken cancellationToken)
    {
        var fields = new Dictionary<string, string> { ["secret"] = _options.Secret, ["response"] = token.Text };
        if (IPAddress.TryParse(ipAddress, out _))
            fields["remoteip"] = ipAddress;
        try
        {
            using var form = new FormUrlEncodedContent(fields);
            using var response = await _http.PostAsync(_options.Siteverify, form, cancellationToken);
            if (response.StatusCode != HttpStatusCode.OK)
                throw new CaptchaUnavailableException($"the captcha provider answered {(int)response.StatusCode}");
            var json = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            return IsSolved(JsonSerializer.Deserialize(json, WireJson.Default.SiteverifyBody));
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new CaptchaUnavailableException("the captcha provider can't be reached or its response is invalid", exception);
        }
    }

    // Errors on our side or the provider's are not the caller's.
    private static bool IsSolved(SiteverifyBody? answer)
    {
        if (answer?.Success is not { } success)
            throw new CaptchaUnavailableException("the captcha provider's response has no success field");
        var codes = answer.ErrorCodes ?? [];
        if (codes.Any(code => code is "missing-input-secret" or "invalid-input-secret" or "sitekey-secret-mismatch"))
            throw new CaptchaUnavailableException("the captcha provider rejects Captcha__Secret");
        if (codes.Contains("internal-error"))
            throw new CaptchaUnavailableException("the captcha provider failed");
        return success;
    }
}

internal sealed record SiteverifyBody(bool? Success, [property: JsonPropertyName("error-codes")] IReadOnlyList<string>? ErrorCodes);

public sealed class CaptchaOptions : IValidatableObject
{
    [Setting("the service that checks captchas; without one no login needs a captcha", "bots try to log in")]
    [EnumDataType(typeof(CaptchaProvider))]
    public CaptchaProvider Provider { get; set; }

    [Setting("the provider's secret for the site", "there is a provider: then it must be set"), Sensitive]
    public string Secret { get; set; } = "";

    // Encrypted, since the secret is sent there.
    [Setting("the address that checks captchas; empty for the provider's own siteverify",
        "you call the provider through a proxy, or test"), HttpsUrl(OrThisMachine = true), Sensitive]
    public string Endpoint { get; set; } = "";

    internal Uri Siteverify => Endpoint.Length > 0 ? new(Endpoint) : new(Provider switch
    {
        CaptchaProvider.Turnstile => "https://challenges.cloudflare.com/turnstile/v0/siteverify",
        CaptchaProvider.HCaptcha => "https://api.hcaptcha.com/siteverify",
        CaptchaProvider.ReCaptcha => "https://www.google.com/recaptcha/api/siteverify",
        _ => throw new InvalidOperationException("There is no provider."),
    });

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        Provider == CaptchaProvider.None || Secret.Length > 0
            ? [] : [new($"Captcha__{nameof(Secret)} must be set, since Captcha__{nameof(Provider)} is {Provider}, but is not.")];
}

public enum CaptchaProvider
{
    None,
    Turnstile,
    HCaptcha,
    ReCaptcha, // Version 2.
}
