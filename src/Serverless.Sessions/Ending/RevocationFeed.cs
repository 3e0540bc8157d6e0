using System.Text.Json;
using System.Text.Json.Serialization;

namespace Serverless.Sessions.Ending;

/// <summary>A feed signed as a JWT; <c>Sessions</c> is JSON without the times of the JWT, for comparison.</summary>
public sealed record RevocationFeed(string Token, ReadOnlyMemory<byte> Sessions)
{
    // Keeps it from being accepted as an access token (RFC 8725, 3.11).
    private const string Type = "revocations+jwt";

    internal static RevocationFeed Sign(
        IEnumerable<Revocation> revocations, KeyRing ring, string issuer, DateTimeOffset readAt, TimeSpan cache)
    {
        var sessions = revocations.Select(each => new RevokedSession(each.SessionId.ToString(), ToSecond(each.Before))).ToArray();
        var claims = new RevocationClaims(issuer, readAt.ToUnixTimeSeconds(), ToSecond(readAt + cache), sessions);
        var payload = JsonSerializer.SerializeToUtf8Bytes(claims, RevocationJsonContext.Default.RevocationClaims);
        var key = ring.SignerAt(readAt);
        return new(
            CompactJws.Write(key.HeaderOf(Type), payload, key),
            JsonSerializer.SerializeToUtf8Bytes(sessions, RevocationJsonContext.Default.RevokedSessionArray));
    }

    // Round up: token times are rounded down, so a token issued before the time must not look newer.
    private static long ToSecond(DateTimeOffset time) => time.AddSeconds(1).AddTicks(-1).ToUnixTimeSeconds();
}

internal sealed record RevocationClaims(string Iss, long Iat, long Exp, RevokedSession[] Sessions);

internal sealed record RevokedSession(string Sid, long Before);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(RevocationClaims))]
[JsonSerializable(typeof(RevokedSession[]))]
internal sealed partial class RevocationJsonContext : JsonSerializerContext;
