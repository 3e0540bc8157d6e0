namespace Serverless.Sessions.Tokens;

/// <summary>A key that authenticates refresh tokens and log entries with HMAC-SHA256 (RFC 2104).</summary>
/// <param name="signsFrom">When it starts to authenticate; it verifies before and after.</param>
/// <param name="secret">256 random bits.</param>
public sealed class MacKey(KeyId id, DateTimeOffset signsFrom, byte[] secret)
{
    internal const int CodeLength = HMACSHA256.HashSizeInBytes;

    /// <summary>The key's name.</summary>
    public KeyId Id { get; } = id;

    /// <summary>When it starts to authenticate.</summary>
    public DateTimeOffset SignsFrom { get; } = signsFrom;

    /// <summary>A new random key.</summary>
    public static MacKey Create(DateTimeOffset signsFrom) =>
        new(KeyId.New(), signsFrom, RandomNumberGenerator.GetBytes(HMACSHA256.HashSizeInBytes));

    /// <summary>The secret, for the key ring's store.</summary>
    public byte[] ExportSecret() => [.. secret];

    internal void Authenticate(ReadOnlySpan<byte> data, Span<byte> code) => HMACSHA256.HashData(secret, data, code);
}
