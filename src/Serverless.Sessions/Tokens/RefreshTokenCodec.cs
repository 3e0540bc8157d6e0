using System.Buffers.Text;

namespace Serverless.Sessions.Tokens;

/// <summary>Writes and reads refresh tokens: a fixed big-endian layout followed by the HMAC-SHA256 over all of it, in base64url.
/// No field is trusted before the MAC is verified.</summary>
public static class RefreshTokenCodec
{
    /// <summary>In characters; longer tokens are invalid.</summary>
    public const int MaximumLength = 4096;

    private const byte FormatVersion = 2;
    private const int KeyIdAt = 1;
    private const int ShardAt = KeyIdAt + sizeof(ulong);
    private const int UserAt = ShardAt + 1;
    private const int SessionAt = UserAt + 16;
    private const int NumberAt = SessionAt + 16;
    private const int GenerationAt = NumberAt + sizeof(int);
    private const int IssuedAt = GenerationAt + sizeof(int);
    private const int AuthenticatedAt = IssuedAt + sizeof(long);
    private const int NumberStartedAt = AuthenticatedAt + sizeof(long);
    private const int ExpiresAt = NumberStartedAt + sizeof(long);
    private const int AbsoluteExpiresAt = ExpiresAt + sizeof(long);
    private const int RememberAt = AbsoluteExpiresAt + sizeof(long);
    private const int RolesAt = RememberAt + 1;
    private const int AuditSize = sizeof(int) + 16;
    private const int MethodsSize = 1;
    private const int CountrySize = 2;
    private const int CreatedAtSize = sizeof(long);
    private const int ExpiryReasonSize = 1;
    private const int LocatedAtSize = sizeof(long);
    private const int TailSize = MethodsSize + CountrySize + CreatedAtSize + ExpiryReasonSize + LocatedAtSize;
    private const int MinimumSize = RolesAt + 2 * sizeof(ushort) + AuditSize + MacKey.CodeLength;

    public static string Write(RefreshToken token, KeyRing ring, DateTimeOffset now)
    {
        var key = ring.MacAt(now);
        var roles = string.Join(',', token.Claims.Roles);
        var size = MinimumSize + TailSize + Encoding.UTF8.GetByteCount(roles) + Encoding.UTF8.GetByteCount(token.Version.Value);
        Span<byte> bytes = size <= 1024 ? stackalloc byte[size] : new byte[size];

        bytes[0] = FormatVersion;
        BinaryPrimitives.WriteUInt64BigEndian(bytes[KeyIdAt..], key.Id.Value);
        bytes[ShardAt] = token.UserId.Shard;
        BinaryPrimitives.WriteUInt128BigEndian(bytes[UserAt..], token.UserId.Value.Value);
        BinaryPrimitives.WriteUInt128BigEndian(bytes[SessionAt..], token.SessionId.Value);
        BinaryPrimitives.WriteInt32BigEndian(bytes[NumberAt..], token.Number);
        BinaryPrimitives.WriteInt32BigEndian(bytes[GenerationAt..], token.Generation);
        WriteTime(bytes[IssuedAt..], token.IssuedAt);
        WriteTime(bytes[AuthenticatedAt..], token.Claims.Authentication.At);
        WriteTime(bytes[NumberStartedAt..], token.NumberStartedAt);
        WriteTime(bytes[ExpiresAt..], token.ExpiresAt);
        WriteTime(bytes[AbsoluteExpiresAt..], token.AbsoluteExpiresAt);
        bytes[RememberAt] = token.Remember ? (byte)1 : (byte)0;
        var rest = WriteText(bytes[RolesAt..], roles);
        rest = WriteText(rest, token.Version.Value);
        BinaryPrimitives.WriteInt32BigEndian(rest, token.Audit.Count);
        BinaryPrimitives.WriteUInt128BigEndian(rest[sizeof(int)..], token.Audit.Code.Value);
        // The tail: what was added later, in that order, so that earlier releases read these tokens, too.
        rest = rest[AuditSize..];
        rest[0] = (byte)token.Claims.Authentication.Methods;
        rest = rest[MethodsSize..];
        WriteCountry(rest, token.Country);
        rest = rest[CountrySize..];
        BinaryPrimitives.WriteInt64BigEndian(rest, token.CreatedAt?.ToUnixTimeMilliseconds() ?? 0);
        rest = rest[CreatedAtSize..];
        rest[0] = token.ExpiryReason == EndReason.Inactive ? (byte)1 : (byte)0;
        rest = rest[ExpiryReasonSize..];
        WriteTime(rest, token.LocatedAt);
        key.Authenticate(bytes[..^MacKey.CodeLength], rest[LocatedAtSize..]);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Reads a token with the current ring, and if its key is unknown, once more with a newer one.</summary>
    public static async ValueTask<(TokenCheck Check, RefreshToken? Token)> ReadAsync(
        string text, KeyRingSource keys, CancellationToken cancellationToken)
    {
        var ring = await keys.GetAsync(cancellationToken);
        var check = Read(text, ring, out var token);
        if (check == TokenCheck.UnknownKey)
        {
            ring = await keys.GetNewerAsync(ring, cancellationToken);
            check = Read(text, ring, out token);
        }

        return (check, token);
    }

    /// <summary>Verifies and reads a token, which is null unless <see cref="TokenCheck.Valid"/>. Never
    /// <see cref="TokenCheck.Expired"/>: expiry is a rule of the session.</summary>
    public static TokenCheck Read(ReadOnlySpan<char> text, KeyRing ring, out RefreshToken? token)
    {
        token = null;
        if (text.Length > MaximumLength)
            return TokenCheck.Invalid;
        Span<byte> buffer = stackalloc byte[MaximumLength / 4 * 3];
        if (!StrictBase64Url.TryDecode(text, buffer, out var size) || size < MinimumSize || buffer[0] != FormatVersion)
            return TokenCheck.Invalid;

        var bytes = buffer[..size];
        if (ring.FindMac(new(BinaryPrimitives.ReadUInt64BigEndian(bytes[KeyIdAt..]))) is not { } key)
            return TokenCheck.UnknownKey;
        Span<byte> code = stackalloc byte[MacKey.CodeLength];
        key.Authenticate(bytes[..^MacKey.CodeLength], code);
        if (!CryptographicOperations.FixedTimeEquals(code, bytes[^MacKey.CodeLength..]))
            return TokenCheck.Invalid;

        token = ReadFields(bytes[..^MacKey.CodeLength]);
        return TokenCheck.Valid;
    }

    // Only after the MAC is verified: the service wrote these bytes, so their lengths are sound.
    private static RefreshToken ReadFields(ReadOnlySpan<byte> bytes)
    {
        var roles = ReadText(bytes[RolesAt..], out var rest);
        var version = ReadText(rest, out rest);
        var audit = new AuditHead(
            BinaryPrimitives.ReadInt32BigEndian(rest), new(BinaryPrimitives.ReadUInt128BigEndian(rest[sizeof(int)..])));
        rest = rest[AuditSize..];
        // Each as the releases took it that didn't write it yet.
        var methods = Take(ref rest, MethodsSize) is [var flags] ? (AuthenticationMethods)flags : AuthenticationMethods.Password;
        var country = ReadCountry(Take(ref rest, CountrySize));
        DateTimeOffset? createdAt = Take(ref rest, CreatedAtSize) is { IsEmpty: false } time && ReadTime(time) is var login
            && login > DateTimeOffset.UnixEpoch ? login : null;
        var isInactivity = Take(ref rest, ExpiryReasonSize) is [1];
        var issuedAt = ReadTime(bytes[IssuedAt..]);
        return new(
            UserId: new(bytes[ShardAt], new(BinaryPrimitives.ReadUInt128BigEndian(bytes[UserAt..]))),
            SessionId: new(BinaryPrimitives.ReadUInt128BigEndian(bytes[SessionAt..])),
            Number: BinaryPrimitives.ReadInt32BigEndian(bytes[NumberAt..]),
            Generation: BinaryPrimitives.ReadInt32BigEndian(bytes[GenerationAt..]),
            IssuedAt: issuedAt,
            NumberStartedAt: ReadTime(bytes[NumberStartedAt..]), ExpiresAt: ReadTime(bytes[ExpiresAt..]),
            AbsoluteExpiresAt: ReadTime(bytes[AbsoluteExpiresAt..]), Remember: bytes[RememberAt] == 1,
            Claims: new(roles.Length == 0 ? [] : roles.Split(','), new(ReadTime(bytes[AuthenticatedAt..]), methods)), Version: new(version),
            Audit: audit)
        {
            Country = country,
            LocatedAt = Take(ref rest, LocatedAtSize) is { IsEmpty: false } located ? ReadTime(located) : issuedAt,
            CreatedAt = createdAt,
            ExpiryReason = isInactivity ? EndReason.Inactive : EndReason.ExpiredIdle,
        };
    }

    // Empty if the field is missing.
    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> tail, int size)
    {
        var taken = tail.Length >= size ? tail[..size] : [];
        tail = tail[taken.Length..];
        return taken;
    }

    private static void WriteCountry(Span<byte> destination, string? country)
    {
        destination[..CountrySize].Clear();
        if (country is { Length: CountrySize })
            Encoding.ASCII.GetBytes(country, destination);
    }

    private static string? ReadCountry(ReadOnlySpan<byte> source) => source is [> 0, > 0] ? Encoding.ASCII.GetString(source) : null;

    private static void WriteTime(Span<byte> destination, DateTimeOffset time) =>
        BinaryPrimitives.WriteInt64BigEndian(destination, time.ToUnixTimeMilliseconds());

    private static DateTimeOffset ReadTime(ReadOnlySpan<byte> source) =>
        DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(source));

    private static Span<byte> WriteText(Span<byte> destination, string text)
    {
        var length = Encoding.UTF8.GetBytes(text, destination[sizeof(ushort)..]);
        BinaryPrimitives.WriteUInt16BigEndian(destination, checked((ushort)length));
        return destination[(sizeof(ushort) + length)..];
    }

    private static string ReadText(ReadOnlySpan<byte> source, out ReadOnlySpan<byte> rest)
    {
        var end = sizeof(ushort) + BinaryPrimitives.ReadUInt16BigEndian(source);
        rest = source[end..];
        return Encoding.UTF8.GetString(source[sizeof(ushort)..end]);
    }
}
