namespace Serverless.Functions.Http;

/// <summary>Reads the fields of a query, each of which has one value, however often it is sent.</summary>
internal static class QueryFields
{
    /// <summary>A field: null where it isn't sent, empty where it has no value.</summary>
    public static string? QueryField(this HttpRequestData request, string name) => Read(request, name, withoutValue: "");

    /// <summary>A flag, which is true where it is sent without a value.</summary>
    public static bool QueryFlag(this HttpRequestData request, string name)
    {
        var text = Read(request, name, withoutValue: "true");
        return bool.TryParse(text, out var flag) || text is null ? flag : throw ProblemException.InvalidField(name, "must be true or false.");
    }

    private static string? Read(HttpRequestData request, string name, string withoutValue)
    {
        // To the platform "?others" is a value without a name.
        var isNameless = request.Query.GetValues(null)?.Contains(name, StringComparer.OrdinalIgnoreCase) == true;
        var values = (request.Query.GetValues(name) ?? []).Concat(isNameless ? [""] : [])
            .Select(value => value.Length == 0 ? withoutValue : value)
            .Distinct().ToList();
        return values.Count < 2 ? values.FirstOrDefault() : throw ProblemException.InvalidField(name, "is sent several times, with different values.");
    }
}
