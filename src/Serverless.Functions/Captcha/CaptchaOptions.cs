using Serverless.Sessions.Settings;

namespace Serverless.Functions.Captcha;

/// <summary>Who checks captchas. Section <c>Captcha</c>.</summary>
public sealed class CaptchaOptions : IValidatableObject
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Captcha";

    /// <summary>The provider.</summary>
    /// <value>None, Turnstile, HCaptcha or ReCaptcha. Default None: no login needs a captcha.</value>
    [EnumDataType(typeof(CaptchaProvider))]
    public CaptchaProvider Provider { get; set; }

    /// <summary>The secret that the provider gave for the site. Never in a file: in Azure a reference to Key Vault.</summary>
    /// <value>The secret. Default none; needed with a provider.</value>
    [Sensitive]
    public string Secret { get; set; } = "";

    /// <summary>Where captchas are checked. The secret goes there.</summary>
    /// <value>An https URL, or http for this machine. Default empty: the provider's own siteverify.</value>
    [HttpsUrl(OrThisMachine = true), Sensitive]
    public string Endpoint { get; set; } = "";

    /// <summary>How long to wait for the provider; a login that needs it is answered 503 then.</summary>
    /// <value>Seconds, 1 to 30. Default 5.</value>
    [Range(1, 30)]
    public int TimeoutSeconds { get; set; } = 5;

    /// <summary>Where captchas are checked in fact.</summary>
    internal Uri Siteverify => Endpoint.Length > 0 ? new(Endpoint) : new(Provider switch
    {
        CaptchaProvider.Turnstile => "https://challenges.cloudflare.com/turnstile/v0/siteverify",
        CaptchaProvider.HCaptcha => "https://api.hcaptcha.com/siteverify",
        CaptchaProvider.ReCaptcha => "https://www.google.com/recaptcha/api/siteverify",
        _ => throw new InvalidOperationException("There is no provider."),
    });

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Provider != CaptchaProvider.None && Secret.Length == 0)
            yield return new($"{Section}__{nameof(Secret)} must be set, since {Section}__{nameof(Provider)} is {Provider}, but is not.");
    }
}

/// <summary>The providers, which share one contract: siteverify.</summary>
public enum CaptchaProvider
{
    /// <summary>No captcha at all.</summary>
    None,

    /// <summary>Cloudflare Turnstile.</summary>
    Turnstile,

    /// <summary>hCaptcha.</summary>
    HCaptcha,

    /// <summary>Google reCAPTCHA v2.</summary>
    ReCaptcha,
}
