using System.Buffers.Text;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Extensions.Options;
using Serverless.Functions.Http;
using Serverless.Sessions.Tokens;

namespace Serverless.Functions.Discovery;

/// <summary>GET .well-known/jwks.json: the public keys of access tokens (RFC 7517), those to come and those of before included.</summary>
public sealed class JsonWebKeySet(KeyRingSource keys, IOptions<KeysOptions> options)
{
    /// <summary>The function.</summary>
    [Function(nameof(JsonWebKeySet))]
    public async Task<HttpResponseData> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = ".well-known/jwks.json")] HttpRequestData request,
        CancellationToken cancellationToken)
    {
        // A cache keeps what we say for its full time, so we don't begin with something old.
        var ring = await keys.GetFreshAsync(cancellationToken);
        var body = new JsonWebKeySetBody([.. ring.SigningKeys.OrderBy(key => key.SignsFrom).Select(JsonWebKeyBody.Of)]);
        return await request.ReplyCacheableAsync(body, WireJson.Default.JsonWebKeySetBody, options.Value.JwksCacheLifetime);
    }
}

/// <summary>The keys on the wire.</summary>
internal sealed record JsonWebKeySetBody(IReadOnlyList<JsonWebKeyBody> Keys);

/// <summary>A public key on the wire (RFC 7518, 6.2.1).</summary>
internal sealed record JsonWebKeyBody(string Kty, string Use, string Alg, string Kid, string Crv, string X, string Y)
{
    public static JsonWebKeyBody Of(SigningKey key)
    {
        var point = key.ExportPublicKey().Q;
        return new(
            "EC", "sig", AccessTokenCodec.Algorithm, key.Id.ToString(), "P-256",
            Base64Url.EncodeToString(point.X), Base64Url.EncodeToString(point.Y));
    }
}
