namespace Serverless.Sessions.Tokens;

/// <summary>A key of 256 random bits that authenticates refresh tokens and log entries with HMAC-SHA256 (RFC 2104).</summary>
public sealed class MacKey(KeyId id, DateTimeOffset signsFrom, byte[] secret) : IRingKey
{
    internal const int CodeLength = HMACSHA256.HashSizeInBytes;

    public KeyId Id => id;
    public DateTimeOffset SignsFrom => signsFrom;

    public static MacKey Create(DateTimeOffset signsFrom) =>
        new(KeyId.New(), signsFrom, RandomNumberGenerator.GetBytes(HMACSHA256.HashSizeInBytes));

    public byte[] Export() => [.. secret];

    internal void Authenticate(ReadOnlySpan<byte> data, Span<byte> code) => HMACSHA256.HashData(secret, data, code);
}
