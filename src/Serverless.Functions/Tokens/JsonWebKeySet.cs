using System.Buffers.Text;

namespace Serverless.Functions.Tokens;

public sealed class JsonWebKeySet(KeyRingSource keys, IOptions<KeysOptions> options)
{
    [Function(nameof(JsonWebKeySet))]
    [Operation("Returns the public keys of access tokens and of the revocation feed.", Access = Access.Anyone)]
    [Answers(200, "The keys (RFC 7517): the one that signs, upcoming ones, and those whose tokens may still be valid.",
        typeof(JsonWebKeySetBody), Caching = Caching.Public)]
    public async Task<HttpResponseData> RunAsync(
        [HttpTrigger(Anonymous, "get", "head", Route = ".well-known/jwks.json")] HttpRequestData request,
        CancellationToken cancellationToken)
    {
        // Caches keep the response for its full lifetime, so it must not be stale to begin with.
        var ring = await keys.GetFreshAsync(cancellationToken);
        var bodies =
            from key in ring.SigningKeys
            orderby key.SignsFrom
            let point = key.ExportPublicKey().Q
            select new JsonWebKeyBody(
                "EC", "sig", AccessTokenCodec.Algorithm, key.Id.ToString(), "P-256",
                Base64Url.EncodeToString(point.X), Base64Url.EncodeToString(point.Y));
        return await request.ReplyCacheableAsync(
            new JsonWebKeySetBody([.. bodies]), WireJson.Default.JsonWebKeySetBody, options.Value.JwksCacheLifetime);
    }
}

internal sealed record JsonWebKeySetBody(IReadOnlyList<JsonWebKeyBody> Keys);

[Description("A public key (RFC 7518, 6.2.1).")]
internal sealed record JsonWebKeyBody(
    [AllowedValues("EC")] string Kty, [AllowedValues("sig")] string Use, [AllowedValues(AccessTokenCodec.Algorithm)] string Alg,
    [Description("The `kid` in the header of what it signed.")] string Kid,
    [AllowedValues("P-256")] string Crv,
    [RegularExpression(Pattern.Coordinate)] string X, [RegularExpression(Pattern.Coordinate)] string Y);
