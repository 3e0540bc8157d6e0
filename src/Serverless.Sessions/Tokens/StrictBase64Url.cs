using System.Buffers.Text;

namespace Serverless.Sessions.Tokens;

/// <summary>Strict base64url without padding (RFC 7515, 2): each sequence of bytes has exactly one spelling. The platform's
/// decoder also accepts padding, whitespace and stray last bits, so an altered token could still be valid.</summary>
internal static class StrictBase64Url
{
    public static bool TryDecode(ReadOnlySpan<char> text, Span<byte> destination, out int written)
    {
        written = 0;
        if (text.Length % 4 == 1 || Base64Url.GetMaxDecodedLength(text.Length) > destination.Length
            || Base64Url.DecodeFromChars(text, destination, out _, out written) != OperationStatus.Done
            || Base64Url.GetEncodedLength(written) != text.Length)
        {
            return false;
        }

        // Only the last, partial group can have more than one spelling.
        var tail = text.Length % 4;
        if (tail == 0)
            return true;
        Span<char> canonical = stackalloc char[4];
        Base64Url.EncodeToChars(destination[(written - (tail - 1))..written], canonical);
        return text[^tail..].SequenceEqual(canonical[..tail]);
    }
}
