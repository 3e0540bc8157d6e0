using System.Collections.Concurrent;
using Base64Url = System.Buffers.Text.Base64Url;

namespace Serverless.Sessions.Tokens;

/// <summary>An ES256 key pair (RFC 7518, 3.4: ECDSA on P-256 with SHA-256) for access tokens and the revocation feed. Its id is
/// the <c>kid</c> of both and of the JWKS.</summary>
public sealed class SigningKey(KeyId id, DateTimeOffset signsFrom, byte[] pkcs8) : IRingKey
{
    internal const int SignatureLength = 64;

    // ECDsa objects are not documented to be thread-safe, and importing a key costs more than signing with it.
    private readonly ConcurrentBag<ECDsa> _idle = [Import(pkcs8)];

    public KeyId Id => id;
    public DateTimeOffset SignsFrom => signsFrom;

    /// <summary>The encoded header of its access tokens: alg, typ and kid in base64url.</summary>
    internal string Header { get; } = HeaderOf(id, AccessTokenCodec.Type);

    public static SigningKey Create(DateTimeOffset signsFrom)
    {
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new(KeyId.New(), signsFrom, ecdsa.ExportPkcs8PrivateKey());
    }

    public byte[] Export() => [.. pkcs8];

    public ECParameters ExportPublicKey()
    {
        var ecdsa = Borrow();
        var parameters = ecdsa.ExportParameters(includePrivateParameters: false);
        Return(ecdsa);
        return parameters;
    }

    internal string HeaderOf(string type) => HeaderOf(Id, type);

    internal void Sign(ReadOnlySpan<byte> data, Span<byte> signature)
    {
        var ecdsa = Borrow();
        ecdsa.SignData(data, signature, HashAlgorithmName.SHA256);
        Return(ecdsa);
    }

    internal bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        var ecdsa = Borrow();
        var good = ecdsa.VerifyData(data, signature, HashAlgorithmName.SHA256);
        Return(ecdsa);
        return good;
    }

    private ECDsa Borrow() => _idle.TryTake(out var idle) ? idle : Import(pkcs8);
    private void Return(ECDsa ecdsa) => _idle.Add(ecdsa);

    private static ECDsa Import(byte[] pkcs8)
    {
        var ecdsa = ECDsa.Create();
        ecdsa.ImportPkcs8PrivateKey(pkcs8, out _);
        return ecdsa;
    }

    internal static string HeaderOf(KeyId id, string type) => Base64Url.EncodeToString(
        Encoding.UTF8.GetBytes($$"""{"alg":"{{AccessTokenCodec.Algorithm}}","typ":"{{type}}","kid":"{{id}}"}"""));
}
