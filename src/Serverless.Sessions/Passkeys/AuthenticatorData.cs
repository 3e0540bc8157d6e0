using System.Formats.Cbor;

namespace Serverless.Sessions.Passkeys;

/// <summary>What an authenticator signs (WebAuthn Level 3, 6.1), read strictly.</summary>
internal sealed record AuthenticatorData(ReadOnlyMemory<byte> RelyingPartyHash, AuthenticatorFlags Flags, uint Counter)
{
    private const int HashLength = 32;
    private const int Length = HashLength + 1 + sizeof(uint);
    private const int GuidLength = 16;

    /// <summary>Of the new credential; null for a login.</summary>
    public NewCredential? Credential { get; init; }

    public bool Has(AuthenticatorFlags flag) => (Flags & flag) == flag;

    /// <summary>Returns null if it is malformed.</summary>
    /// <exception cref="CborContentException">Its CBOR is malformed.</exception>
    public static AuthenticatorData? Read(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length < Length)
            return null;
        var flags = (AuthenticatorFlags)bytes.Span[HashLength];
        var data = new AuthenticatorData(bytes[..HashLength], flags, BinaryPrimitives.ReadUInt32BigEndian(bytes.Span[(HashLength + 1)..]));
        var rest = bytes[Length..];
        // BackedUp without BackupEligible is invalid (WebAuthn, 6.1).
        if (data.Has(AuthenticatorFlags.BackedUp) && !data.Has(AuthenticatorFlags.BackupEligible))
            return null;
        if (data.Has(AuthenticatorFlags.Credential))
        {
            if (NewCredential.Read(ref rest) is not { } credential)
                return null;
            data = data with { Credential = credential };
        }

        if (data.Has(AuthenticatorFlags.Extensions) && !BoundedCbor.SkipMap(ref rest))
            return null;
        return rest.IsEmpty ? data : null;
    }

    internal sealed record NewCredential(Guid Aaguid, ReadOnlyMemory<byte> Id, ReadOnlyMemory<byte> PublicKey)
    {
        public const int MaximumIdLength = 1023;

        public static NewCredential? Read(ref ReadOnlyMemory<byte> rest)
        {
            if (rest.Length < GuidLength + sizeof(ushort))
                return null;
            var aaguid = new Guid(rest.Span[..GuidLength], bigEndian: true);
            var length = BinaryPrimitives.ReadUInt16BigEndian(rest.Span[GuidLength..]);
            rest = rest[(GuidLength + sizeof(ushort))..];
            if (length is 0 or > MaximumIdLength || rest.Length < length)
                return null;
            var id = rest[..length];
            rest = rest[length..];
            var key = rest;
            if (!BoundedCbor.SkipMap(ref rest))
                return null;
            return new(aaguid, id, key[..^rest.Length]);
        }
    }
}

[Flags]
internal enum AuthenticatorFlags : byte
{
    UserPresent = 1,
    UserVerified = 4,
    BackupEligible = 8,
    BackedUp = 16,
    Credential = 64,
    Extensions = 128,
}

/// <summary>Checks CBOR before the library reads it, which recurses without a bound, and throws on kinds of data that no authenticator
/// sends.</summary>
internal static class BoundedCbor
{
    private const int MaximumDepth = 4;
    private const int MaximumTokens = 1_000;

    /// <summary>Skips a map; false if it is none, or too deep.</summary>
    /// <exception cref="CborContentException">It is malformed.</exception>
    /// <exception cref="OverflowException">A number is too large.</exception>
    public static bool SkipMap(ref ReadOnlyMemory<byte> rest)
    {
        var reader = new CborReader(rest, CborConformanceMode.Strict, allowMultipleRootLevelValues: true);
        if (rest.IsEmpty || reader.PeekState() != CborReaderState.StartMap || !TrySkip(reader))
            return false;
        rest = rest[^reader.BytesRemaining..];
        return true;
    }

    public static bool TrySkip(CborReader reader)
    {
        for (var tokens = 0; tokens < MaximumTokens; tokens++)
        {
            switch (reader.PeekState())
            {
                case CborReaderState.StartMap:
                    reader.ReadStartMap();
                    break;
                case CborReaderState.EndMap:
                    reader.ReadEndMap();
                    break;
                case CborReaderState.StartArray:
                    reader.ReadStartArray();
                    break;
                case CborReaderState.EndArray:
                    reader.ReadEndArray();
                    break;
                case CborReaderState.UnsignedInteger or CborReaderState.NegativeInteger:
                    reader.ReadInt64();
                    break;
                case CborReaderState.ByteString or CborReaderState.TextString or CborReaderState.Boolean or CborReaderState.Null:
                    reader.SkipValue();
                    break;
                default:
                    return false;
            }

            if (reader.CurrentDepth is 0 or > MaximumDepth)
                return reader.CurrentDepth == 0;
        }

        return false;
    }
}
