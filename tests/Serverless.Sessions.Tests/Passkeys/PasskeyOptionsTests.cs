using System.ComponentModel.DataAnnotations;

namespace Serverless.Sessions.Tests.Passkeys;

public sealed class PasskeyOptionsTests
{
    [Fact]
    public void Passkeys_are_off_by_default_and_no_mail_sets_the_password_of_an_account_without_one()
    {
        var options = new PasskeyOptions();
        Assert.Equal((false, false, ""), (options.IsOn, options.AllowPasswordRecovery, options.RelyingPartyName));
        Assert.Empty(options.AllowedOrigins);
        Assert.Empty(ErrorsOf(options));
    }

    [Fact]
    public void The_page_of_the_domain_is_allowed_where_nothing_else_is_said() =>
        Assert.Equal(["https://example.com"], new PasskeyOptions { RelyingPartyId = "example.com" }.AllowedOrigins);

    [Theory]
    [InlineData("example.com", "https://example.com, https://app.example.com:8443")]
    [InlineData("localhost", "http://localhost:7071")]
    [InlineData("xn--bcher-kva.example", "https://xn--bcher-kva.example")]
    public void A_domain_and_its_pages_are_right(string domain, string origins) =>
        Assert.Empty(ErrorsOf(new() { RelyingPartyId = domain, Origins = origins }));

    [Theory]
    [InlineData("https://example.com", "")]
    [InlineData("example.com:443", "")]
    [InlineData("Example.com", "")]
    [InlineData("203.0.113.7", "")]
    [InlineData("example.com/", "")]
    [InlineData("a b", "")]
    [InlineData("b\u00fccher.example", "")]
    public void Anything_but_a_domain_is_wrong(string domain, string origins) => Assert.StartsWith(
        "Passkeys__RelyingPartyId must be a domain in lower case and ASCII (xn--...), ",
        Assert.Single(ErrorsOf(new() { RelyingPartyId = domain, Origins = origins })), StringComparison.Ordinal);

    [Theory]
    [InlineData("example.com", "Passkeys__Origins must be origins such as ")]
    [InlineData("https://example.com/", "Passkeys__Origins must be origins such as ")]
    [InlineData("https://Example.com", "Passkeys__Origins must be origins such as ")]
    [InlineData("http://example.com", "Passkeys__Origins must be origins such as ")]
    [InlineData("https://example.com,*", "Passkeys__Origins must be origins such as ")]
    [InlineData("https://example.org", "Passkeys__Origins must be within example.com, ")]
    [InlineData("https://evilexample.com", "Passkeys__Origins must be within example.com, ")]
    [InlineData("https://example.com,http://localhost", "Passkeys__Origins must be within example.com, ")]
    public void Each_wrong_origin_is_named(string origins, string error) => Assert.StartsWith(
        error, Assert.Single(ErrorsOf(new() { RelyingPartyId = "example.com", Origins = origins })), StringComparison.Ordinal);

    private static List<string?> ErrorsOf(PasskeyOptions options)
    {
        var errors = new List<ValidationResult>();
        Validator.TryValidateObject(options, new(options), errors, validateAllProperties: true);
        return [.. errors.Select(error => error.ErrorMessage)];
    }
}
