using System.Security.Cryptography;

namespace Serverless.Sessions.Tokens;

/// <summary>A key that authenticates refresh tokens with HMAC-SHA256 (RFC 2104).</summary>
/// <param name="id">Its name, carried in the tokens.</param>
/// <param name="signsFrom">When it begins to make tokens; it checks them before and after.</param>
/// <param name="secret">256 random bits.</param>
public sealed class MacKey(KeyId id, DateTimeOffset signsFrom, byte[] secret)
{
    /// <summary>The length of an authentication code, in bytes.</summary>
    internal const int CodeLength = HMACSHA256.HashSizeInBytes;

    /// <summary>The key's name.</summary>
    public KeyId Id { get; } = id;

    /// <summary>When it begins to make tokens.</summary>
    public DateTimeOffset SignsFrom { get; } = signsFrom;

    /// <summary>A new key.</summary>
    public static MacKey Create(DateTimeOffset signsFrom) =>
        new(KeyId.New(), signsFrom, RandomNumberGenerator.GetBytes(HMACSHA256.HashSizeInBytes));

    /// <summary>The secret, for the store of the key ring.</summary>
    public byte[] ExportSecret() => [.. secret];

    internal void Authenticate(ReadOnlySpan<byte> data, Span<byte> code) => HMACSHA256.HashData(secret, data, code);
}
