using System.Globalization;
using System.Text;
using Azure.Core;

namespace Azure.Data.Tables;

/// <summary>
/// The answers in the reply to a transaction. The reply's own status only says that the service has read the request; a reply
/// that isn't whole must never pass for success, so everything up to the last boundary has to be there.
/// </summary>
internal static class TransactionReply
{
    private static ReadOnlySpan<byte> NewLine => "\r\n"u8;

    /// <exception cref="IOException">The reply breaks off or isn't one to a transaction.</exception>
    public static List<Response> Parse(ReadOnlyMemory<byte> reply, string? contentType)
    {
        var rest = reply;
        var outer = BoundaryIn(contentType);
        TakePast(ref rest, outer);
        var changeSet = BoundaryIn(HeaderIn(TakeHeaders(ref rest), "Content-Type"));
        TakePast(ref rest, changeSet);

        var parts = new List<Response>();
        while (!StartsWith(rest, "--"u8))
        {
            var end = rest.Span.IndexOf(changeSet);
            if (end < 0)
                throw Broken();
            parts.Add(ParsePart(rest[..end]));
            rest = rest[(end + changeSet.Length)..];
        }

        TakePast(ref rest, outer);
        return StartsWith(rest, "--"u8) ? parts : throw Broken();
    }

    private static TransactionPartResponse ParsePart(ReadOnlyMemory<byte> part)
    {
        TakeLine(ref part); // What is left of the boundary's line.
        TakeHeaders(ref part);
        var line = TakeLine(ref part);
        // Azurite repeats the boundary's name before the status of an error that no single change is to blame for.
        if (!line.StartsWith("HTTP/", StringComparison.Ordinal))
            line = TakeLine(ref part);
        var status = line.Split(' ', 3);
        if (status.Length < 2 || !int.TryParse(status[1], NumberStyles.None, CultureInfo.InvariantCulture, out var code))
            throw Broken();
        var headers = TakeHeaders(ref part);
        return new TransactionPartResponse(code, status.Length > 2 ? status[2] : "", headers, TrimEnd(part));
    }

    private static List<HttpHeader> TakeHeaders(ref ReadOnlyMemory<byte> rest)
    {
        var headers = new List<HttpHeader>();
        while (TakeLine(ref rest) is { Length: > 0 } line)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0)
                throw Broken();
            headers.Add(new HttpHeader(line[..colon], line[(colon + 1)..].Trim()));
        }

        return headers;
    }

    private static string TakeLine(ref ReadOnlyMemory<byte> rest)
    {
        var end = rest.Span.IndexOf(NewLine);
        if (end < 0)
            throw Broken();
        var line = Encoding.UTF8.GetString(rest.Span[..end]);
        rest = rest[(end + NewLine.Length)..];
        return line;
    }

    private static void TakePast(ref ReadOnlyMemory<byte> rest, ReadOnlySpan<byte> boundary)
    {
        var start = rest.Span.IndexOf(boundary);
        if (start < 0)
            throw Broken();
        rest = rest[(start + boundary.Length)..];
        // Either the boundary's line ends here or it is the last one.
        if (StartsWith(rest, NewLine))
            rest = rest[NewLine.Length..];
    }

    private static byte[] BoundaryIn(string? contentType)
    {
        const string Parameter = "boundary=";
        var start = contentType?.IndexOf(Parameter, StringComparison.OrdinalIgnoreCase) ?? -1;
        if (start < 0)
            throw Broken();
        var boundary = contentType![(start + Parameter.Length)..].Split(';', 2)[0].Trim().Trim('"');
        return Encoding.ASCII.GetBytes("--" + boundary);
    }

    private static string? HeaderIn(List<HttpHeader> headers, string name) =>
        headers.Find(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    private static bool StartsWith(ReadOnlyMemory<byte> rest, ReadOnlySpan<byte> start) => rest.Span.StartsWith(start);

    private static ReadOnlyMemory<byte> TrimEnd(ReadOnlyMemory<byte> body) => body[..body.Span.TrimEnd(NewLine).Length];

    private static IOException Broken() => new("The reply to a transaction is not complete; whether it happened is unknown.");
}
