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

/// <summary>Reads query parameters. A repeated parameter must have one value.</summary>
internal static class QueryFields
{
    /// <summary>A parameter: null if absent, empty without a value.</summary>
    public static string? QueryField(this HttpRequestData request, string name) => Read(request, name, withoutValue: "");

    /// <summary>A flag: false if absent, true without a value.</summary>
    public static bool QueryFlag(this HttpRequestData request, string name)
    {
        var text = Read(request, name, withoutValue: "true");
        return bool.TryParse(text, out var flag) || text is null
            ? flag : throw ProblemException.InvalidField(name, "must be true or false.");
    }

    private static string? Read(HttpRequestData request, string name, string withoutValue)
    {
        // The platform reads "?others" as a value without a name.
        var isNameless = request.Query.GetValues(null)?.Contains(name, StringComparer.OrdinalIgnoreCase) == true;
        var values = (request.Query.GetValues(name) ?? []).Concat(isNameless ? [""] : [])
            .Select(value => value.Length == 0 ? withoutValue : value).Distinct().ToList();
        return values.Count < 2 ? values.FirstOrDefault() : throw ProblemException.InvalidField(name, "is repeated with different values.");
    }
}
