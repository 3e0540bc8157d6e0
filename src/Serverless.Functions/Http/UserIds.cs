namespace Serverless.Functions.Http;

internal static class UserIds
{
    private const int Maximum = ReadPresence.MaximumUsers;

    /// <summary>Reads user ids that are separated by commas, each once; null if the parameter is absent.</summary>
    public static IReadOnlyList<UserId>? Read(HttpRequestData request, string field)
    {
        if (request.QueryField(field) is not { } text)
            return null;
        var parts = text.Split(',', Maximum + 1);
        var users = parts.Take(Maximum).Select(part => UserId.TryParse(part, out var user) ? user
            : throw ProblemException.InvalidField(field, "must be user ids separated by commas.")).Distinct().ToList();
        return parts.Length <= Maximum ? users : throw ProblemException.InvalidField(field, $"must have at most {Maximum} ids.");
    }
}
