using System.Collections.Concurrent;
using Base64Url = System.Buffers.Text.Base64Url;

namespace Serverless.Sessions.Tokens;

/// <summary>An ES256 key pair (RFC 7518, 3.4: ECDSA on P-256 with SHA-256) for access tokens and the revocation feed.</summary>
public sealed class SigningKey : IRingKey
{
    internal const int SignatureLength = 64;

    // ECDsa objects are not documented to be thread-safe, and importing a key costs more than signing with it.
    private readonly ConcurrentBag<ECDsa> _idle = [];
    private readonly byte[] _pkcs8;

    /// <summary>Imports a private key in PKCS #8; <paramref name="id"/> is the <c>kid</c> of tokens and of the JWKS.</summary>
    public SigningKey(KeyId id, DateTimeOffset signsFrom, byte[] pkcs8)
    {
        Id = id;
        SignsFrom = signsFrom;
        _pkcs8 = pkcs8;
        Header = HeaderOf(AccessTokenCodec.Type);
        Return(Borrow());
    }

    public KeyId Id { get; }

    public DateTimeOffset SignsFrom { get; }

    /// <summary>The encoded header of its access tokens: alg, typ and kid in base64url.</summary>
    internal string Header { get; }

    public static SigningKey Create(DateTimeOffset signsFrom)
    {
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new(KeyId.New(), signsFrom, ecdsa.ExportPkcs8PrivateKey());
    }

    /// <summary>In PKCS #8, for the key ring's store.</summary>
    public byte[] ExportPrivateKey() => [.. _pkcs8];

    public ECParameters ExportPublicKey()
    {
        var ecdsa = Borrow();
        var parameters = ecdsa.ExportParameters(includePrivateParameters: false);
        Return(ecdsa);
        return parameters;
    }

    internal string HeaderOf(string type) => Base64Url.EncodeToString(
        Encoding.UTF8.GetBytes($$"""{"alg":"{{AccessTokenCodec.Algorithm}}","typ":"{{type}}","kid":"{{Id}}"}"""));

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

    private ECDsa Borrow()
    {
        if (_idle.TryTake(out var idle))
            return idle;
        var ecdsa = ECDsa.Create();
        ecdsa.ImportPkcs8PrivateKey(_pkcs8, out _);
        return ecdsa;
    }

    private void Return(ECDsa ecdsa) => _idle.Add(ecdsa);
}
