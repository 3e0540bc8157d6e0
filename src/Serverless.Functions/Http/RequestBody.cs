using System.Buffers;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;

namespace Serverless.Functions.Http;

/// <summary>Reads JSON bodies: limits their size, checks their type, and names the field at fault.</summary>
internal static partial class RequestBody
{
    public const int MaximumLength = 16 * 1024;

    // Ten times what clients send.
    private const int MaximumTypeLength = 512;

    /// <exception cref="ProblemException">The body is missing, malformed or too large.</exception>
    public static async Task<T> ReadAsync<T>(HttpRequestData request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        var expected = (long)MaximumLength;
        if (request.Header("Content-Length") is { } length && (!long.TryParse(length, out expected) || expected is < 0 or > MaximumLength))
            throw TooLarge();
        // One more byte reveals a body that is longer than its Content-Length.
        var room = (int)expected + 1;
        var buffer = ArrayPool<byte>.Shared.Rent(room);
        try
        {
            var read = await request.Body.ReadAtLeastAsync(
                buffer.AsMemory(0, room), room, throwOnEndOfStream: false, cancellationToken);
            if (read > expected)
                throw TooLarge();
            if (read == 0)
                throw Invalid("The body is empty or has no Content-Length; it must be a JSON object.");
            if (!IsJson(request.SingleHeader("Content-Type")))
                throw new ProblemException(ProblemCode.UnsupportedMediaType, "The Content-Type must be application/json.");
            return Parse(buffer.AsSpan(0, read), type);
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
    private static bool IsJson(string? contentType)
    {
        if (contentType is "application/json")
            return true;
        if (contentType is not { Length: <= MaximumTypeLength })
            return false;
        var text = Quoted().Replace(contentType, "$1");
        var parts = text.Split(';', StringSplitOptions.TrimEntries);
        // A comma separates joined headers.
        return !text.Contains(',', StringComparison.Ordinal)
            && parts[0].Equals("application/json", StringComparison.OrdinalIgnoreCase)
            && parts.All(part => part.Split('=', 2, StringSplitOptions.TrimEntries) is not [var name, var value]
                || !name.Equals("charset", StringComparison.OrdinalIgnoreCase)
                || value.Trim('\'').ToUpperInvariant() is "UTF-8" or "UTF8");
    }

    private static ProblemException Invalid(string detail) => new(ProblemCode.InvalidRequest, detail);

    private static ProblemException TooLarge() => new(ProblemCode.PayloadTooLarge, $"The body must have at most {MaximumLength} bytes.");

    // A quoted string that could be a token (RFC 9110, 5.6.4), or any other quoted string.
    [GeneratedRegex("""
        "([^";,\\]*)"|"(?:[^"\\]|\\.)*"
        """)]
    private static partial Regex Quoted();
}
