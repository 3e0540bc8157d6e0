namespace EndToEnd.Tests.Client;

internal static class JsonExtensions
{
    public static string Text(this JsonElement element, string property) => element.GetProperty(property).GetString()!;
    public static int Number(this JsonElement element, string property) => element.GetProperty(property).GetInt32();

    public static List<JsonElement> Items(this JsonElement element, string property) =>
        [.. element.GetProperty(property).EnumerateArray()];
}

internal static class RequestExtensions
{
    /// <param name="value">Sent as it is; null leaves the header out.</param>
    public static HttpRequestMessage With(this HttpRequestMessage request, string header, string? value)
    {
        if (value is not null)
            request.Headers.TryAddWithoutValidation(header, value);
        return request;
    }
}
