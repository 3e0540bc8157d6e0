using System.Text.Json;

namespace Serverless.Sessions.Tokens;

/// <summary>Writes and reads access tokens: JWTs (RFC 7519) in the profile of RFC 9068, signed with ES256 (RFC 7518, 3.4). It
/// accepts only the algorithm and the type that it writes, whatever the header of a token says (RFC 8725, 3.1).</summary>
public static class AccessTokenCodec
{
    public const string Algorithm = "ES256";
    public const string Type = "at+jwt";

    /// <summary>In characters; longer tokens are invalid.</summary>
    public const int MaximumLength = 4096;

    /// <summary>Those of <see cref="AccessTokenClaims"/>, for the discovery document.</summary>
    public static IReadOnlyList<string> Claims { get; } =
        ["iss", "aud", "client_id", "sub", "sid", "iat", "exp", "jti", "roles", "auth_time", "amr"];

    public static string Write(AccessToken token, KeyRing ring, TokenOptions options, DateTimeOffset now)
    {
        var key = ring.SignerAt(now);
        var claims = AccessTokenClaims.Of(token, options);
        var json = JsonSerializer.SerializeToUtf8Bytes(claims, JwtJsonContext.Default.AccessTokenClaims);
        return CompactJws.Write(key.Header, json, key);
    }

    /// <summary>Verifies and reads a token, which must have the issuer and audience of <paramref name="options"/>;
    /// <paramref name="token"/> is null unless it is valid or expired.</summary>
    public static TokenCheck Read(
        ReadOnlySpan<char> text, KeyRing ring, TokenOptions options, DateTimeOffset now, out AccessToken? token)
    {
        token = null;
        var headerEnd = text.IndexOf('.');
        var claimsEnd = text.LastIndexOf('.');
        if (text.Length > MaximumLength || headerEnd < 0 || claimsEnd == headerEnd)
            return TokenCheck.Invalid;
        if (ring.FindByHeader(text[..headerEnd]) is not { } key)
            return HasKeyId(text[..headerEnd]) ? TokenCheck.UnknownKey : TokenCheck.Invalid;
        if (!IsSignedBy(key, text[..claimsEnd], text[(claimsEnd + 1)..]))
            return TokenCheck.Invalid;

        Span<byte> claims = stackalloc byte[MaximumLength / 4 * 3];
        if (!StrictBase64Url.TryDecode(text[(headerEnd + 1)..claimsEnd], claims, out var length))
            return TokenCheck.Invalid;
        token = JsonSerializer.Deserialize(claims[..length], JwtJsonContext.Default.AccessTokenClaims)?.ToToken(options);
        return token is null ? TokenCheck.Invalid
            : now < token.ExpiresAt ? TokenCheck.Valid
            : TokenCheck.Expired;
    }

    private static bool IsSignedBy(SigningKey key, ReadOnlySpan<char> signed, ReadOnlySpan<char> signatureText)
    {
        Span<byte> signature = stackalloc byte[SigningKey.SignatureLength];
        if (signatureText.Length != CompactJws.SignatureTextLength || !StrictBase64Url.TryDecode(signatureText, signature, out _))
            return false;
        Span<byte> bytes = stackalloc byte[signed.Length];
        return Ascii.FromUtf16(signed, bytes, out _) == OperationStatus.Done && key.Verify(bytes, signature);
    }

    // Only a header that differs from ours in nothing but the key is worth loading a newer ring.
    private static bool HasKeyId(ReadOnlySpan<char> header)
    {
        Span<byte> json = stackalloc byte[256];
        if (!StrictBase64Url.TryDecode(header, json, out var length) || length < KeyId.TextLength + 2)
            return false;
        // The id is last, before a quote and a brace.
        var id = Encoding.ASCII.GetString(json[..length][^(KeyId.TextLength + 2)..^2]);
        return KeyId.TryParse(id, out var key) && header.SequenceEqual(SigningKey.HeaderOf(key, Type));
    }
}
