namespace Serverless.Functions.Login;

/// <summary>Who checks captchas.</summary>
public sealed class CaptchaOptions : IValidatableObject
{
    public const string Section = "Captcha";

    [Setting("who checks captchas; without a provider no login needs one", "robots try to log in"), EnumDataType(typeof(CaptchaProvider))]
    public CaptchaProvider Provider { get; set; }

    [Setting("the secret that the provider gave for the site", "there is a provider: then it must be set"), Sensitive]
    public string Secret { get; set; } = "";

    // The secret goes there.
    [Setting("where captchas are checked; empty is the provider's own siteverify", "you have a proxy before the provider, or a test")]
    [HttpsUrl(OrThisMachine = true), Sensitive]
    public string Endpoint { get; set; } = "";

    /// <summary>Where captchas are checked in fact.</summary>
    internal Uri Siteverify => Endpoint.Length > 0 ? new(Endpoint) : new(Provider switch
    {
        CaptchaProvider.Turnstile => "https://challenges.cloudflare.com/turnstile/v0/siteverify",
        CaptchaProvider.HCaptcha => "https://api.hcaptcha.com/siteverify",
        CaptchaProvider.ReCaptcha => "https://www.google.com/recaptcha/api/siteverify",
        _ => throw new InvalidOperationException("There is no provider."),
    });

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Provider != CaptchaProvider.None && Secret.Length == 0)
            yield return new($"{Section}__{nameof(Secret)} must be set, since {Section}__{nameof(Provider)} is {Provider}, but is not.");
    }
}

/// <summary>The providers, which share one contract: siteverify.</summary>
public enum CaptchaProvider
{
    None,
    Turnstile,
    HCaptcha,

    /// <summary>Version 2.</summary>
    ReCaptcha,
}
