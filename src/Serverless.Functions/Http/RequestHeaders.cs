namespace Serverless.Functions.Http;

/// <summary>Reads headers unparsed: the platform's typed view drops what it can't parse.</summary>
internal static class RequestHeaders
{
    /// <summary>A header; repeated ones are joined by commas. Null if absent.</summary>
    public static string? Header(this HttpRequestData request, string name) =>
        request.Headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;

    /// <summary>A header without commas: repeats of the same value count once; different ones stay joined by commas.</summary>
    public static string? SingleHeader(this HttpRequestData request, string name)
    {
        var text = request.Header(name);
        return text?.Contains(',', StringComparison.Ordinal) == true
            && text.Split(',', StringSplitOptions.TrimEntries).Distinct().ToArray() is [var value] ? value : text;
    }
}
