using System.Buffers;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;

namespace Serverless.Functions.Http;

/// <summary>Reads bodies of JSON, or of JSON by the line: limits their size, checks their type, and names the field at fault.</summary>
internal static partial class RequestBody
{
    public const int MaximumLength = 16 * 1024;

    // Ten times what clients send.
    private const int MaximumTypeLength = 512;

    /// <exception cref="ProblemException">The body is missing, malformed or too large.</exception>
    public static Task<T> ReadAsync<T>(HttpRequestData request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class =>
        ReadAsync(request, MaximumLength, MediaType.Json, body => Parse(body.Span, type), cancellationToken);

    /// <summary>Reads the lines that aren't blank; what is wrong with one is in <paramref name="refuse"/>'s result for it.</summary>
    /// <exception cref="ProblemException">The body is missing, too large or has too many lines.</exception>
    public static Task<IReadOnlyList<TResult>> ReadLinesAsync<T, TResult>(
        HttpRequestData request, JsonTypeInfo<T> type, int maximumLength, int maximumLines,
        Func<int, T, TResult> read, Func<int, Problem, TResult> refuse, CancellationToken cancellationToken)
        where T : class =>
        ReadAsync<IReadOnlyList<TResult>>(request, maximumLength, MediaType.Lines, body =>
        {
            List<TResult> results = [];
            var number = 0;
            foreach (var range in body.Span.Split((byte)'\n'))
            {
                number++;
                var line = body.Span[range].Trim(" \t\r"u8);
                if (line.IsEmpty)
                    continue;
                if (results.Count == maximumLines)
                    throw new ProblemException(ProblemCode.PayloadTooLarge, $"The body must have at most {maximumLines} lines.");
                try
                {
                    results.Add(read(number, Parse(line, type)));
                }
                catch (ProblemException exception)
                {
                    results.Add(refuse(number, exception.Problem));
                }
            }

            return results;
        }, cancellationToken);

    private static async Task<TResult> ReadAsync<TResult>(
        HttpRequestData request, int maximumLength, string mediaType, Func<ReadOnlyMemory<byte>, TResult> parse,
        CancellationToken cancellationToken)
    {
        var expected = (long)maximumLength;
        if (request.Header("Content-Length") is { } length
            && (!long.TryParse(length, out expected) || expected < 0 || expected > maximumLength))
            throw TooLarge(maximumLength);
        // One more byte reveals a body that is longer than its Content-Length.
        var room = (int)expected + 1;
        var buffer = ArrayPool<byte>.Shared.Rent(room);
        try
        {
            var read = await request.Body.ReadAtLeastAsync(
                buffer.AsMemory(0, room), room, throwOnEndOfStream: false, cancellationToken);
            if (read > expected)
                throw TooLarge(maximumLength);
            if (read == 0)
                throw Invalid("The body is empty or has no Content-Length; it must be a JSON object.");
            if (!Is(mediaType, request.SingleHeader("Content-Type")))
                throw new ProblemException(ProblemCode.UnsupportedMediaType, $"The Content-Type must be {mediaType}.");
            return parse(buffer.AsMemory(0, read));
        }
        finally
        {
            // Passwords and tokens must not stay in pooled memory.
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    /// <summary>Whether a request had a body. A chunked one counts, although the host drops it and it reads as empty.</summary>
    public static bool IsPresent(HttpRequestData request) =>
        request.Header("Transfer-Encoding") is not null || request.Header("Content-Length") is not (null or "0");

    private static T Parse<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(json, type) ?? throw Invalid("The body is null; it must be a JSON object.");
        }
        catch (JsonException exception)
        {
            if (FindRepeated(json, type) is { } repeated)
                throw ProblemException.InvalidField(repeated, "is repeated.");
            // The path consists of the names of our own properties, or is the root.
            var field = exception.Path is { Length: > 2 } path && path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : null;
            throw field is not null && type.Properties.Any(property => property.Name == field)
                ? ProblemException.InvalidField(field, "has the wrong type.")
                : Invalid("The body is not a well-formed JSON object.");
        }
    }

    // The first of our own fields that is repeated; null if none is, or if the JSON is malformed before that.
    private static string? FindRepeated<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type)
    {
        var seen = new HashSet<string>();
        var reader = new Utf8JsonReader(json);
        try
        {
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                foreach (var property in type.Properties)
                {
                    if (reader.ValueTextEquals(property.Name) && !seen.Add(property.Name))
                        return property.Name;
                }

                reader.Skip();
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Malformed, or a lone surrogate in a name.
        }

        return null;
    }

    // RFC 8259 allows UTF-8 only, so another charset is rejected. Other parameters don't matter.
    private static bool Is(string mediaType, string? contentType)
    {
        if (contentType == mediaType)
            return true;
        if (contentType is not { Length: <= MaximumTypeLength })
            return false;
        var text = Quoted().Replace(contentType, "$1");
        var parts = text.Split(';', StringSplitOptions.TrimEntries);
        // A comma separates joined headers.
        return !text.Contains(',', StringComparison.Ordinal)
            && parts[0].Equals(mediaType, StringComparison.OrdinalIgnoreCase)
            && parts.All(part => part.Split('=', 2, StringSplitOptions.TrimEntries) is not [var name, var value]
                || !name.Equals("charset", StringComparison.OrdinalIgnoreCase)
                || value.Trim('\'').ToUpperInvariant() is "UTF-8" or "UTF8");
    }

    private static ProblemException Invalid(string detail) => new(ProblemCode.InvalidRequest, detail);

    private static ProblemException TooLarge(int maximumLength) =>
        new(ProblemCode.PayloadTooLarge, $"The body must have at most {maximumLength} bytes.");

    // A quoted string that could be a token (RFC 9110, 5.6.4), or any other quoted string.
    [GeneratedRegex("""
        "([^";,\\]*)"|"(?:[^"\\]|\\.)*"
        """)]
    private static partial Regex Quoted();
}
