namespace Serverless.Functions.Tests;

public sealed class RefreshCookieOptionsTests
{
    [Fact]
    public void Cookie_mode_is_off_by_default()
    {
        Assert.Empty(new RefreshCookieOptions().Origins);
        Assert.Equal(CookieSameSite.Lax, new RefreshCookieOptions().SameSite);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("https://app.example.com", true)]
    [InlineData("https://app.example.com:8443 , http://localhost:3000", true)]
    [InlineData("http://127.0.0.1:3000,http://[::1]:3000", true)]
    [InlineData("*", false)]
    [InlineData("null", false)]
    [InlineData("http://app.example.com", false)]
    [InlineData("https://app.example.com/", false)]
    [InlineData("https://App.example.com", false)]
    [InlineData("https://app.example.com/path", false)]
    [InlineData("https://*.example.com", false)]
    [InlineData("app.example.com", false)]
    public void An_origin_is_written_as_a_browser_sends_it(string origins, bool good)
    {
        var (options, errors) = (new RefreshCookieOptions { AllowedOrigins = origins }, new List<ValidationResult>());
        Assert.Equal(good, Validator.TryValidateObject(options, new(options), errors, validateAllProperties: true));
        Assert.All(errors, error => Assert.StartsWith("Cookies__AllowedOrigins must be ", error.ErrorMessage, StringComparison.Ordinal));
    }
}
