namespace Serverless.Functions.Tokens;

public sealed class OpenIdConfiguration(IOptions<TokenOptions> tokens, IOptions<KeysOptions> keys)
{
    [Function(nameof(OpenIdConfiguration))]
    [Operation("Returns what a service needs to verify access tokens.",
        "OpenID Connect Discovery, 3, and RFC 8414. There is no authorization endpoint and no ID token.", Access = Access.Anyone)]
    [Answers(200, "The discovery document.", typeof(OpenIdConfigurationBody), Caching = Caching.Public)]
    public Task<HttpResponseData> RunAsync(
        [HttpTrigger(Anonymous, "get", "head", Route = ".well-known/openid-configuration")] HttpRequestData request)
    {
        var issuer = tokens.Value.Issuer;
        var body = new OpenIdConfigurationBody(
            issuer, issuer.TrimEnd('/') + "/.well-known/jwks.json", ResponseTypes: [], ["public"],
            [AccessTokenCodec.Algorithm], AccessTokenCodec.Claims);
        return request.ReplyCacheableAsync(body, WireJson.Default.OpenIdConfigurationBody, keys.Value.JwksCacheLifetime);
    }
}

internal sealed record OpenIdConfigurationBody(
    [Url, Description("The `iss` of every token.")] string Issuer,
    [property: JsonPropertyName("jwks_uri"), Url] string JwksUri,
    [property: JsonPropertyName("response_types_supported"), MaxLength(0)] IReadOnlyList<string> ResponseTypes,
    [property: JsonPropertyName("subject_types_supported")] IReadOnlyList<string> SubjectTypes,
    [property: JsonPropertyName("id_token_signing_alg_values_supported")] IReadOnlyList<string> SigningAlgorithms,
    [property: JsonPropertyName("claims_supported")] IReadOnlyList<string> Claims);
