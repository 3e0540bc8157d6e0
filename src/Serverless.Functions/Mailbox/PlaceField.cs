namespace Serverless.Functions.Mailbox;

/// <summary>The number of a notice or a message in a query.</summary>
internal static class PlaceField
{
    public static int? Read(HttpRequestData request, string field) =>
        request.QueryField(field) is not { } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw ProblemException.InvalidField(field, "must be a whole number, 0 or more.");
}
