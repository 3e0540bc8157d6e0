using Base64Url = System.Buffers.Text.Base64Url;

namespace Serverless.Sessions.Tokens;

/// <summary>The P-256 key by which push services know this app (VAPID, RFC 8292). Never rotated, since a browser's subscription takes
/// messages of one key only.</summary>
public sealed class PushKey : IRingKey
{
    private readonly byte[] _pkcs8;

    public PushKey(KeyId id, DateTimeOffset signsFrom, byte[] pkcs8)
    {
        (Id, SignsFrom, _pkcs8) = (id, signsFrom, pkcs8);
        using var ecdsa = ECDsa.Create();
        ecdsa.ImportPkcs8PrivateKey(pkcs8, out _);
        var parameters = ecdsa.ExportParameters(includePrivateParameters: true);
        PublicText = Base64Url.EncodeToString([4, .. parameters.Q.X!, .. parameters.Q.Y!]);
        PrivateText = Base64Url.EncodeToString(parameters.D);
    }

    public KeyId Id { get; }
    public DateTimeOffset SignsFrom { get; }

    /// <summary>The uncompressed point in base64url, as browsers take it.</summary>
    public string PublicText { get; }

    /// <summary>Secret: the 32 bytes of the private key in base64url.</summary>
    public string PrivateText { get; }

    public static PushKey Create(DateTimeOffset signsFrom)
    {
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new(KeyId.New(), signsFrom, ecdsa.ExportPkcs8PrivateKey());
    }

    public byte[] Export() => [.. _pkcs8];
}
