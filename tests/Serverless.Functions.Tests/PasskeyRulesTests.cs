namespace Serverless.Functions.Tests;

public sealed class PasskeyRulesTests
{
    [Theory]
    [InlineData("https://app.example.com", "", null)]
    [InlineData("https://app.example.com", "https://app.example.com", null)]
    [InlineData("https://app.example.com,https://api.example.com", "https://other.example.com,https://app.example.com", null)]
    [InlineData("https://app.example.com,https://forgotten.example.com", "https://app.example.com", "https://forgotten.example.com")]
    [InlineData("", "https://app.example.com", "https://example.com")]
    public void A_page_that_may_use_passkeys_is_one_that_the_app_lets_in(string origins, string allowed, string? named)
    {
        var rules = new PasskeyRules(
            Options.Create(new RefreshCookieOptions { AllowedOrigins = allowed }),
            Options.Create(new TokenOptions { Issuer = "https://api.example.com/api" }),
            Options.Create(new AdministratorOptions()));
        var result = rules.Validate(null, new() { RelyingPartyId = "example.com", Origins = origins });
        Assert.Equal(named is not null, result.Failed);
        if (named is not null)
        {
            var failure = Assert.Single(result.Failures!);
            Assert.StartsWith("Passkeys__Origins must be among Cookies__AllowedOrigins, ", failure, StringComparison.Ordinal);
            Assert.Contains(named, failure, StringComparison.Ordinal);
        }

        Assert.True(rules.Validate(null, new() { Origins = origins }).Succeeded);
    }

    [Fact]
    public void Administrators_need_a_passkey_only_where_passkeys_are_on()
    {
        var rules = new PasskeyRules(
            Options.Create(new RefreshCookieOptions()), Options.Create(new TokenOptions()),
            Options.Create(new AdministratorOptions { RequirePasskey = true }));
        Assert.Equal(
            "Passkeys__RelyingPartyId must be set, since Administrator__RequirePasskey is true, but is not.",
            Assert.Single(rules.Validate(null, new()).Failures!));
        Assert.True(rules.Validate(null, new() { RelyingPartyId = "example.com" }).Succeeded);
    }
}
