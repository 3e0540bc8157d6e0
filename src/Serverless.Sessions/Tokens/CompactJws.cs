using System.Buffers.Text;

namespace Serverless.Sessions.Tokens;

/// <summary>Writes JWTs in the compact serialization (RFC 7515, 7.1).</summary>
internal static class CompactJws
{
    public const int SignatureTextLength = 86;

    public static string Write(string header, ReadOnlySpan<byte> claims, SigningKey key)
    {
        var signedLength = header.Length + 1 + Base64Url.GetEncodedLength(claims.Length);
        var bytes = ArrayPool<byte>.Shared.Rent(signedLength + 1 + SignatureTextLength);
        try
        {
            Encoding.ASCII.GetBytes(header, bytes);
            bytes[header.Length] = (byte)'.';
            Base64Url.EncodeToUtf8(claims, bytes.AsSpan(header.Length + 1));

            Span<byte> signature = stackalloc byte[SigningKey.SignatureLength];
            key.Sign(bytes.AsSpan(0, signedLength), signature);
            bytes[signedLength] = (byte)'.';
            var end = signedLength + 1 + Base64Url.EncodeToUtf8(signature, bytes.AsSpan(signedLength + 1));
            return Encoding.ASCII.GetString(bytes, 0, end);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}
