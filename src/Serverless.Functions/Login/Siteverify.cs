namespace Serverless.Functions.Login;

/// <summary>Has captchas checked by the contract that Turnstile, hCaptcha and reCAPTCHA share: a form with the secret and the
/// token, answered with <c>success</c> and <c>error-codes</c>.</summary>
internal sealed class Siteverify : ICaptcha, IDisposable
{
    // An answer is a few hundred bytes.
    private const int MaximumAnswer = 64 * 1024;

    // A login that needs the provider is answered 503 then.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly CaptchaOptions _options;
    private readonly HttpClient _http;

    public Siteverify(IOptions<CaptchaOptions> options)
    {
        _options = options.Value;
        var handler = new SocketsHttpHandler
        {
            // A secret isn't sent on to wherever an answer points.
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = !_options.Siteverify.IsLoopback,
            // Or a provider that moves is never found again.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
        _http = new(handler)
        {
            Timeout = Patience,
            MaxResponseContentBufferSize = MaximumAnswer,
        };
    }

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
            throw new CaptchaUnavailableException("the captcha provider can't be reached or doesn't answer as it should", exception);
        }
    }

    // What is wrong on our side or on theirs is no fault of the caller.
    private static bool IsSolved(SiteverifyBody? answer)
    {
        if (answer?.Success is not { } success)
            throw new CaptchaUnavailableException("the captcha provider doesn't say whether it was solved");
        var codes = answer.ErrorCodes ?? [];
        if (codes.Any(code => code is "missing-input-secret" or "invalid-input-secret" or "sitekey-secret-mismatch"))
            throw new CaptchaUnavailableException("the captcha provider refuses Captcha:Secret");
        if (codes.Contains("internal-error"))
            throw new CaptchaUnavailableException("the captcha provider failed");
        return success;
    }
}

/// <summary>What a provider answers.</summary>
internal sealed record SiteverifyBody(bool? Success, [property: JsonPropertyName("error-codes")] IReadOnlyList<string>? ErrorCodes);
