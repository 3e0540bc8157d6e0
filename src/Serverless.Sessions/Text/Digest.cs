namespace Serverless.Sessions.Text;

/// <summary>The first 128 bits of a SHA-256: half the size, and still second-preimage resistant.</summary>
internal static class Digest
{
    public static UInt128 Of(ReadOnlySpan<byte> data)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(data, hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }

    public static UInt128 Of(string text) => Of(Encoding.UTF8.GetBytes(text));

    /// <summary>As 32 lower-case hexadecimal digits.</summary>
    public static string HexOf(string text) => Of(text).ToString("x32", CultureInfo.InvariantCulture);
}
