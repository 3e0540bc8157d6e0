namespace EndToEnd.Tests.Client;

internal static class OpenApiContract
{
    // What servers and proxies add, with the answers to CORS.
    private static readonly HashSet<string> OfTheServer = new(StringComparer.OrdinalIgnoreCase)
    {
        "Content-Type", "Content-Length", "Transfer-Encoding", "Date", "Server", "Connection", "Vary", "Request-Context",
        "Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", "Access-Control-Expose-Headers",
    };

    /// <param name="address">Relative to the base address, with its query.</param>
    public static void Holds(HttpMethod method, string address, Answer answer)
    {
        var differences = Differences(method, address, answer);
        Assert.True(differences.Count == 0, $"{method} {address} isn't answered as in openapi.json: {string.Join("; ", differences)}\n{answer}");
    }

    public static IReadOnlyList<string> Differences(HttpMethod method, string address, Answer answer)
    {
        var operation = Find(method, address.Split('?')[0]);
        var responses = operation?.Responses ?? ApiDocument.OtherResponses;
        if (!responses.TryGetValue(answer.Status.ToString(CultureInfo.InvariantCulture), out var response))
            return [$"the status {answer.Status} isn't among those of {operation?.ToString() ?? "other requests"}"];
        return [.. CompareHeaders(response, answer), .. method == HttpMethod.Head ? [] : CompareBody(response, answer)];
    }

    // A path without parameters goes before one with them, whatever the method is (OpenAPI 3.1, 4.8.8.2).
    private static ApiOperation? Find(HttpMethod method, string address) => ApiDocument.Operations
        .Where(each => IsAt(each.Path, address))
        .GroupBy(each => each.Path)
        .MinBy(path => path.Key.Count(character => character == '{'))?
        .FirstOrDefault(each => each.Method.Equals(method.Method, StringComparison.OrdinalIgnoreCase));

    private static bool IsAt(string path, string address)
    {
        var server = ApiDocument.Root.GetProperty("servers")[0].GetProperty("url").GetString();
        var (template, actual) = ($"{server}{path}".Split('/'), $"/{address.TrimEnd('/')}".Split('/'));
        return template.Length == actual.Length && template.Zip(actual).All(pair =>
            pair.First.StartsWith('{') ? pair.Second.Length > 0 : pair.First.Equals(pair.Second, StringComparison.OrdinalIgnoreCase));
    }

    private static IEnumerable<string> CompareHeaders(JsonElement response, Answer answer)
    {
        var declared = response.GetProperty("headers").EnumerateObject()
            .ToDictionary(header => header.Name, header => ApiDocument.Resolve(header.Value), StringComparer.OrdinalIgnoreCase);
        foreach (var (name, header) in declared)
        {
            if (answer.Header(name) is { } text)
            {
                foreach (var difference in StrictSchema.Differences(header.GetProperty("schema"), AsJson(text)))
                    yield return name + difference;
            }
            else if (header.TryGetProperty("required", out var required) && required.GetBoolean())
            {
                yield return $"{name} is missing";
            }
        }

        foreach (var name in answer.Headers.Keys.Where(name => !OfTheServer.Contains(name) && !declared.ContainsKey(name)))
            yield return $"the header {name} isn't declared";
    }

    // A number is the only header of ours that isn't a text.
    private static JsonElement AsJson(string header) => long.TryParse(header, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? JsonSerializer.SerializeToElement(number)
        : JsonSerializer.SerializeToElement(header);

    private static IEnumerable<string> CompareBody(JsonElement response, Answer answer)
    {
        var type = answer.Header("Content-Type")?.Split(';')[0];
        if (!response.TryGetProperty("content", out var contents))
            return type is null && answer.Text.Length == 0 ? [] : ["it should have no body"];
        if (type is null || !contents.TryGetProperty(type, out var content))
            return [$"the content type {type} isn't declared"];
        if (type.EndsWith("json", StringComparison.Ordinal) && answer.Header("Content-Type") != $"{type}; charset=utf-8")
            return ["JSON should be sent as UTF-8"];
        var schema = ApiDocument.Resolve(content.GetProperty("schema"));
        if (type.StartsWith("text/", StringComparison.Ordinal) || type.StartsWith("image/", StringComparison.Ordinal))
            return StrictSchema.Differences(schema, JsonSerializer.SerializeToElement(answer.Text));
        if (type == SessionClient.Lines)
            return answer.Lines.SelectMany(line => StrictSchema.Differences(schema, line));
        return schema.TryGetProperty("contentSchema", out var parts)
            ? StrictSchema.Differences(parts, Decode(answer.Text))
            : StrictSchema.Differences(schema, answer.Json);
    }

    // The header and the claims of a JWT.
    private static JsonElement Decode(string jwt) => JsonSerializer.SerializeToElement(
        jwt.Split('.')[..2].Select(part => JsonDocument.Parse(Base64Url.DecodeFromChars(part)).RootElement));
}
