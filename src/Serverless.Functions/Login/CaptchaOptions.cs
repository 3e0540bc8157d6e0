namespace Serverless.Functions.Login;

public sealed class CaptchaOptions : IValidatableObject
{
    public const string Section = "Captcha";

    [Setting("the service that checks captchas; without one no login needs a captcha", "bots try to log in"), EnumDataType(typeof(CaptchaProvider))]
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
            ? []
            : [new($"{Section}__{nameof(Secret)} must be set, since {Section}__{nameof(Provider)} is {Provider}, but is not.")];
}

/// <summary>Captcha providers with the siteverify contract.</summary>
public enum CaptchaProvider
{
    None,
    Turnstile,
    HCaptcha,
    ReCaptcha, // Version 2.
}
