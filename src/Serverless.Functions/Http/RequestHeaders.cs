namespace Serverless.Functions.Http;

/// <summary>Reads headers as they came: the typed view of the platform parses them and leaves out what it doesn't like.</summary>
internal static class RequestHeaders
{
    /// <summary>A header, several of them joined as HTTP allows; null where there is none.</summary>
    public static string? Header(this HttpRequestData request, string name) =>
        request.Headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;

    /// <summary>A header that has one value, in which there is no comma: sent several times with the same value it counts once, with
    /// different ones it is all of them, which the host joins with commas.</summary>
    public static string? SingleHeader(this HttpRequestData request, string name)
    {
        var text = request.Header(name);
        return text?.Contains(',', StringComparison.Ordinal) == true
            && text.Split(',', StringSplitOptions.TrimEntries).Distinct().ToArray() is [var value] ? value : text;
    }
}
