using System.Security.Cryptography;

namespace EndToEnd.Tests.Discovery;

[Collection(nameof(App))]
public sealed class DiscoveryTests(App app)
{
    [Fact]
    public async Task The_discovery_document_names_the_issuer_of_the_tokens_and_where_the_keys_are()
    {
        var claims = Jwt.Parse((await app.LoginAsync()).AccessToken).Claims;
        var issuer = claims.GetProperty("iss").GetString();
        var document = (await GetAsync(".well-known/openid-configuration")).Json;

        Assert.Equal(issuer, document.GetProperty("issuer").GetString());
        Assert.Equal($"{issuer}/.well-known/jwks.json", document.GetProperty("jwks_uri").GetString());
        Assert.Equal("""["public"]""", document.GetProperty("subject_types_supported").GetRawText());
        Assert.Equal("""["ES256"]""", document.GetProperty("id_token_signing_alg_values_supported").GetRawText());
        Assert.Equal(
            claims.EnumerateObject().Select(claim => claim.Name),
            document.GetProperty("claims_supported").EnumerateArray().Select(claim => claim.GetString()!));
    }

    [Fact]
    public async Task The_published_key_verifies_a_token_and_nothing_private_is_published()
    {
        var token = (await app.LoginAsync()).AccessToken;
        var keys = (await GetAsync(".well-known/jwks.json")).Json.GetProperty("keys").EnumerateArray().ToList();

        var jwt = Jwt.Parse(token);
        var key = keys.Single(each => each.GetProperty("kid").ToString() == jwt.Header.GetProperty("kid").ToString());
        using var ecdsa = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new() { X = Bytes(key, "x"), Y = Bytes(key, "y") },
        });
        Assert.True(ecdsa.VerifyData(
            Encoding.ASCII.GetBytes(token[..token.LastIndexOf('.')]), Base64Url.DecodeFromChars(jwt.SignaturePart), HashAlgorithmName.SHA256));
    }

    [Theory]
    [InlineData(".well-known/jwks.json")]
    [InlineData(".well-known/openid-configuration")]
    public async Task A_cache_may_keep_it_and_ask_whether_it_still_stands(string route)
    {
        var answer = await GetAsync(route);
        Assert.Equal((200, "public, max-age=300"), (answer.Status, answer.Header("Cache-Control")));

        foreach (var known in new[] { answer.Header("ETag")!, $"\"other\", W/{answer.Header("ETag")}", "*" })
        {
            var again = await GetAsync(route, known);
            Assert.Equal((304, "", answer.Header("ETag")), (again.Status, again.Text, again.Header("ETag")));
            Assert.Equal("public, max-age=300", again.Header("Cache-Control"));
        }

        Assert.Equal(200, (await GetAsync(route, "\"other\"")).Status);
    }

    private static byte[] Bytes(JsonElement key, string name) => Base64Url.DecodeFromChars(key.GetProperty(name).GetString());

    private Task<Answer> GetAsync(string route, string? ifNoneMatch = null) => app.Client.GetAsync(route, ifNoneMatch);
}
