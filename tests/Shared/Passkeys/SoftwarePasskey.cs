using System.Formats.Cbor;
using System.Security.Cryptography;
using NSec.Cryptography;

namespace Serverless.Testing;

/// <summary>As COSE numbers them (RFC 9053); the service allows the first three.</summary>
public enum PasskeyAlgorithm
{
    ES256 = -7,
    EdDSA = -8,
    RS256 = -257,
    ES384 = -35,
}

/// <summary>A credential with its private key. <c>UserHandle</c> is base64url, <c>PublicKey</c> a COSE key.</summary>
public sealed record SoftwarePasskey(
    byte[] Id, string RelyingPartyId, string UserHandle, PasskeyAlgorithm Algorithm, byte[] PrivateKey, byte[] PublicKey)
{
    public uint Counter { get; set; }
    public string IdText => Base64Url.EncodeToString(Id);

    public static SoftwarePasskey Create(string relyingPartyId, string userHandle, PasskeyAlgorithm algorithm, byte[]? id)
    {
        var (privateKey, publicKey) = algorithm switch
        {
            PasskeyAlgorithm.EdDSA => CreateEdwards(),
            PasskeyAlgorithm.RS256 => CreateRsa(),
            _ => CreateElliptic(algorithm),
        };
        return new(id ?? RandomNumberGenerator.GetBytes(32), relyingPartyId, userHandle, algorithm, privateKey, publicKey);
    }

    public byte[] Sign(byte[] data)
    {
        switch (Algorithm)
        {
            case PasskeyAlgorithm.EdDSA:
                using (var key = Key.Import(SignatureAlgorithm.Ed25519, PrivateKey, KeyBlobFormat.RawPrivateKey))
                    return SignatureAlgorithm.Ed25519.Sign(key, data);
            case PasskeyAlgorithm.RS256:
                using (var rsa = RSA.Create())
                {
                    rsa.ImportPkcs8PrivateKey(PrivateKey, out _);
                    return rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
                }

            default:
                using (var elliptic = ECDsa.Create())
                {
                    elliptic.ImportPkcs8PrivateKey(PrivateKey, out _);
                    var hash = Algorithm == PasskeyAlgorithm.ES256 ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA384;
                    return elliptic.SignData(data, hash, DSASignatureFormat.Rfc3279DerSequence);
                }
        }
    }

    private static (byte[] PrivateKey, byte[] PublicKey) CreateElliptic(PasskeyAlgorithm algorithm)
    {
        var isShort = algorithm == PasskeyAlgorithm.ES256;
        using var key = ECDsa.Create(isShort ? ECCurve.NamedCurves.nistP256 : ECCurve.NamedCurves.nistP384);
        var point = key.ExportParameters(false).Q;
        return (key.ExportPkcs8PrivateKey(), CoseKey(2, algorithm, (-1, isShort ? 1 : 2), (-2, point.X!), (-3, point.Y!)));
    }

    private static (byte[] PrivateKey, byte[] PublicKey) CreateEdwards()
    {
        using var key = Key.Create(
            SignatureAlgorithm.Ed25519, new() { ExportPolicy = KeyExportPolicies.AllowPlaintextExport });
        var publicKey = key.PublicKey.Export(KeyBlobFormat.RawPublicKey);
        return (key.Export(KeyBlobFormat.RawPrivateKey), CoseKey(1, PasskeyAlgorithm.EdDSA, (-1, 6), (-2, publicKey)));
    }

    private static (byte[] PrivateKey, byte[] PublicKey) CreateRsa()
    {
        using var key = RSA.Create(2048);
        var numbers = key.ExportParameters(false);
        return (
            key.ExportPkcs8PrivateKey(),
            CoseKey(3, PasskeyAlgorithm.RS256, (-1, numbers.Modulus!), (-2, numbers.Exponent!)));
    }

    /// <summary>A COSE key (RFC 9052, 7) of whatever is given.</summary>
    public static byte[] CoseKey(int type, PasskeyAlgorithm algorithm, params (int Label, object Value)[] parameters)
    {
        var writer = new CborWriter(CborConformanceMode.Ctap2Canonical);
        writer.WriteStartMap(2 + parameters.Length);
        foreach (var (label, value) in parameters.Prepend((3, (int)algorithm)).Prepend((1, type)))
        {
            writer.WriteInt32(label);
            if (value is byte[] bytes)
                writer.WriteByteString(bytes);
            else
                writer.WriteInt32((int)value);
        }

        writer.WriteEndMap();
        return writer.Encode();
    }
}
