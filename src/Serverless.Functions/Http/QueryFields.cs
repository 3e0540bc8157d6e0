using Microsoft.Azure.Functions.Worker.Http;

namespace Serverless.Functions.Http;

/// <summary>Reads the fields of a query, each of which has one value, however often it is sent.</summary>
internal static class QueryFields
{
    /// <summary>A field: null where it isn't sent, empty where it has no value. Different values set the problem unless there is
    /// one already.</summary>
    public static string? QueryField(this HttpRequestData request, string name, ref Problem? problem) =>
        Read(request, name, withoutValue: "", ref problem);

    /// <summary>A flag, which is true where it is sent without a value. A wrong one sets the problem unless there is one already.</summary>
    public static bool QueryFlag(this HttpRequestData request, string name, ref Problem? problem)
    {
        var text = Read(request, name, withoutValue: "true", ref problem);
        if (!bool.TryParse(text, out var flag) && text is not null)
            problem ??= Problem.InvalidField(name, "must be true or false.");
        return flag;
    }

    private static string? Read(HttpRequestData request, string name, string withoutValue, ref Problem? problem)
    {
        // To the platform "?others" is a value without a name.
        var isNameless = request.Query.GetValues(null)?.Contains(name, StringComparer.OrdinalIgnoreCase) == true;
        var values = (request.Query.GetValues(name) ?? []).Concat(isNameless ? [""] : [])
            .Select(value => value.Length == 0 ? withoutValue : value)
            .Distinct().ToList();
        if (values.Count > 1)
            problem ??= Problem.InvalidField(name, "is sent several times, with different values.");
        return values.FirstOrDefault();
    }
}
