using System.Formats.Cbor;

namespace Serverless.Sessions.Passkeys;

/// <summary>The public keys that are allowed (RFC 9053): ES256, EdDSA with Ed25519, RS256.</summary>
internal static class CoseKey
{
    public const int ES256 = -7;
    public const int EdDSA = -8;
    public const int RS256 = -257;

    private const int Type = 1;
    private const int Algorithm = 3;
    private const int OctetKeyPair = 1;
    private const int Elliptic = 2;
    private const int Rsa = 3;
    private const int P256 = 1;
    private const int Ed25519 = 6;
    private const int CoordinateLength = 32;

    // The same labels mean something else for RSA (RFC 8230).
    private const int Curve = -1, Modulus = -1;
    private const int X = -2, Exponent = -2;
    private const int Y = -3;

    /// <summary>A key whose private half is forgotten.</summary>
    public static ReadOnlyMemory<byte> Dummy { get; } = CreateDummy();

    /// <summary>Returns null if the key is allowed.</summary>
    /// <exception cref="CborContentException">It isn't CBOR.</exception>
    /// <exception cref="InvalidOperationException">It is CBOR of another shape.</exception>
    /// <exception cref="OverflowException">A number is too large.</exception>
    public static PasskeyRefusal? Refuse(ReadOnlyMemory<byte> key)
    {
        var (numbers, texts) = (new Dictionary<int, int>(), new Dictionary<int, byte[]>());
        var reader = new CborReader(key, CborConformanceMode.Strict);
        reader.ReadStartMap();
        while (reader.PeekState() != CborReaderState.EndMap)
        {
            var label = reader.ReadInt32();
            if (reader.PeekState() == CborReaderState.ByteString)
                texts.Add(label, reader.ReadByteString());
            else if (reader.PeekState() is CborReaderState.UnsignedInteger or CborReaderState.NegativeInteger)
                numbers.Add(label, reader.ReadInt32());
            else
                reader.SkipValue();
        }

        if (!numbers.TryGetValue(Algorithm, out var algorithm) || !numbers.TryGetValue(Type, out var type))
            return PasskeyRefusal.Invalid;
        if (algorithm is not (ES256 or EdDSA or RS256))
            return PasskeyRefusal.Unsupported;
        var isWellFormed = algorithm switch
        {
            ES256 => type == Elliptic && numbers.GetValueOrDefault(Curve) == P256
                && LengthOf(X) == CoordinateLength && LengthOf(Y) == CoordinateLength,
            EdDSA => type == OctetKeyPair && numbers.GetValueOrDefault(Curve) == Ed25519 && LengthOf(X) == CoordinateLength,
            // 2,048 to 4,096 bits, and 65,537.
            _ => type == Rsa && LengthOf(Modulus) is >= 256 and <= 512 && texts.GetValueOrDefault(Exponent) is [1, 0, 1],
        };
        return isWellFormed ? null : PasskeyRefusal.Invalid;

        int LengthOf(int label) => texts.GetValueOrDefault(label)?.Length ?? 0;
    }

    /// <summary>Whether a stored key is for ES256.</summary>
    public static bool IsElliptic(ReadOnlyMemory<byte> key)
    {
        var reader = new CborReader(key, CborConformanceMode.Strict);
        reader.ReadStartMap();
        while (reader.PeekState() != CborReaderState.EndMap)
        {
            if (reader.ReadInt32() == Type)
                return reader.ReadInt32() == Elliptic;
            reader.SkipValue();
        }

        return false;
    }

    private static byte[] CreateDummy()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        var writer = new CborWriter(CborConformanceMode.Ctap2Canonical);
        writer.WriteStartMap(5);
        foreach (var (label, number) in ((int, int)[])[(Type, Elliptic), (Algorithm, ES256), (Curve, P256)])
        {
            writer.WriteInt32(label);
            writer.WriteInt32(number);
        }

        foreach (var (label, coordinate) in ((int, byte[])[])[(X, point.X!), (Y, point.Y!)])
        {
            writer.WriteInt32(label);
            writer.WriteByteString(coordinate);
        }

        writer.WriteEndMap();
        return writer.Encode();
    }
}
