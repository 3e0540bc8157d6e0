using System.Security.Cryptography;

namespace EndToEnd.Tests.Discovery;

[Collection(nameof(App))]
public sealed class DiscoveryTests(App app)
{
    [Fact]
    public async Task The_discovery_document_names_the_issuer_of_the_tokens_and_where_the_keys_are()
    {
        var claims = Jwt.Parse((await app.LoginAsync()).AccessToken).Claims;
        var issuer = claims.Text("iss");
        var document = (await app.Client.GetAsync(".well-known/openid-configuration")).Json;

        Assert.Equal(issuer, document.Text("issuer"));
        Assert.Equal($"{issuer}/.well-known/jwks.json", document.Text("jwks_uri"));
        Assert.Equal("""["public"]""", document.GetProperty("subject_types_supported").GetRawText());
        Assert.Equal("""["ES256"]""", document.GetProperty("id_token_signing_alg_values_supported").GetRawText());
        Assert.Equal(
            claims.EnumerateObject().Select(claim => claim.Name),
            document.Items("claims_supported").Select(claim => claim.GetString()!));
    }

    [Fact]
    public async Task The_published_key_verifies_a_token_and_nothing_private_is_published()
    {
        var token = (await app.LoginAsync()).AccessToken;
        var keys = (await app.Client.GetAsync(".well-known/jwks.json")).Json.Items("keys");

        var jwt = Jwt.Parse(token);
        var key = keys.Single(each => each.Text("kid") == jwt.Header.Text("kid"));
        using var ecdsa = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new() { X = Base64Url.DecodeFromChars(key.Text("x")), Y = Base64Url.DecodeFromChars(key.Text("y")) },
        });
        Assert.True(ecdsa.VerifyData(
            Encoding.ASCII.GetBytes(token[..token.LastIndexOf('.')]), Base64Url.DecodeFromChars(jwt.SignaturePart), HashAlgorithmName.SHA256));
    }

    [Fact]
    public async Task The_document_is_the_one_that_these_tests_hold_the_answers_to() =>
        Assert.Equal(await File.ReadAllTextAsync(ApiDocument.File), (await app.Client.GetAsync("openapi.json")).IsOk().Text);

    [Theory]
    [InlineData(".well-known/jwks.json", "public, max-age=300")]
    [InlineData(".well-known/openid-configuration", "public, max-age=300")]
    [InlineData("openapi.json", "public, max-age=3600")]
    public async Task A_cache_may_keep_it_and_ask_whether_it_still_stands(string route, string caching)
    {
        var answer = (await app.Client.GetAsync(route)).IsOk();
        Assert.Equal(caching, answer.Header("Cache-Control"));

        foreach (var known in new[] { answer.Header("ETag")!, $"\"other\", W/{answer.Header("ETag")}", "*" })
        {
            var again = (await app.Client.GetAsync(route, ifNoneMatch: known)).Is(304);
            Assert.Equal((answer.Header("ETag"), caching), (again.Header("ETag"), again.Header("Cache-Control")));
        }

        (await app.Client.GetAsync(route, ifNoneMatch: "\"other\"")).IsOk();
    }
}
