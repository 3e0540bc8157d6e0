namespace Serverless.Functions.Tests;

public sealed class CaptchaOptionsTests
{
    [Theory]
    [InlineData(CaptchaProvider.None, "", "", true)]
    [InlineData(CaptchaProvider.Turnstile, "secret", "", true)]
    [InlineData(CaptchaProvider.Turnstile, "", "", false)]
    [InlineData((CaptchaProvider)7, "secret", "", false)]
    [InlineData(CaptchaProvider.HCaptcha, "secret", "https://captcha.example.com/siteverify", true)]
    [InlineData(CaptchaProvider.HCaptcha, "secret", "http://127.0.0.1:8080/siteverify", true)]
    [InlineData(CaptchaProvider.HCaptcha, "secret", "http://captcha.example.com/siteverify", false)]
    [InlineData(CaptchaProvider.HCaptcha, "secret", "siteverify", false)]
    public void A_provider_needs_a_secret_and_a_safe_endpoint(
        CaptchaProvider provider, string secret, string endpoint, bool good)
    {
        var options = new CaptchaOptions { Provider = provider, Secret = secret, Endpoint = endpoint };
        Assert.Equal(good, Validator.TryValidateObject(options, new(options), [], validateAllProperties: true));
    }

    [Theory]
    [InlineData(CaptchaProvider.Turnstile, "https://challenges.cloudflare.com/turnstile/v0/siteverify")]
    [InlineData(CaptchaProvider.HCaptcha, "https://api.hcaptcha.com/siteverify")]
    [InlineData(CaptchaProvider.ReCaptcha, "https://www.google.com/recaptcha/api/siteverify")]
    public void Every_provider_has_its_endpoint(CaptchaProvider provider, string endpoint)
    {
        Assert.Equal(endpoint, new CaptchaOptions { Provider = provider }.Siteverify.AbsoluteUri);
        Assert.Equal(new Uri("https://other.example.com/"), new CaptchaOptions { Provider = provider, Endpoint = "https://other.example.com/" }.Siteverify);
    }
}
