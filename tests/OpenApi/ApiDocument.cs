using System.Text.Json;

namespace Serverless.Testing.OpenApi;

/// <summary>openapi.json as the tests read it.</summary>
internal static class ApiDocument
{
    private static readonly string[] Methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

    public static string File { get; } = Path.Combine(
        RepositoryRoot.Path, "src", "Serverless.Functions", "Discovery", "openapi.json");

    public static JsonElement Root { get; } = JsonDocument.Parse(
        System.IO.File.ReadAllText(File), new JsonDocumentOptions { AllowDuplicateProperties = false }).RootElement;

    /// <summary>Every operation.</summary>
    public static IReadOnlyList<Operation> Operations { get; } =
    [
        .. from path in Root.GetProperty("paths").EnumerateObject()
           from operation in path.Value.EnumerateObject()
           where Methods.Contains(operation.Name)
           select new Operation(
               path.Name, operation.Name, operation.Value, [.. ParametersOf(path.Value), .. ParametersOf(operation.Value)]),
    ];

    /// <summary>What every other address answers, and every other method of these, by status.</summary>
    public static IReadOnlyDictionary<string, JsonElement> OtherResponses { get; } =
        ResponsesOf(Root.GetProperty("x-other-requests"));

    public static JsonElement Components(string kind) => Root.GetProperty("components").GetProperty(kind);

    public static JsonElement Schema(string name) => Components("schemas").GetProperty(name);

    /// <summary>What a reference points to, or the element itself.</summary>
    public static JsonElement Resolve(JsonElement element) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty("$ref", out var reference)
            ? Find(reference.GetString()!) ?? throw new KeyNotFoundException(reference.GetString())
            : element;

    /// <summary>What a JSON pointer into this document points to.</summary>
    public static JsonElement? Find(string reference)
    {
        if (!reference.StartsWith("#/", StringComparison.Ordinal))
            return null;
        var found = Root;
        foreach (var step in reference[2..].Split('/'))
        {
            if (found.ValueKind != JsonValueKind.Object || !found.TryGetProperty(step, out found))
                return null;
        }

        return found;
    }

    /// <summary>An element and all that is in it, each with its path.</summary>
    public static IEnumerable<(string Path, JsonElement Element)> Walk(JsonElement element, string path = "#") =>
        element.ValueKind switch
        {
            JsonValueKind.Object => element.EnumerateObject()
                .SelectMany(each => Walk(each.Value, $"{path}/{each.Name}")).Prepend((path, element)),
            JsonValueKind.Array => element.EnumerateArray()
                .SelectMany((each, i) => Walk(each, $"{path}/{i}")).Prepend((path, element)),
            _ => [(path, element)],
        };

    internal static Dictionary<string, JsonElement> ResponsesOf(JsonElement holder) =>
        holder.GetProperty("responses").EnumerateObject().ToDictionary(each => each.Name, each => Resolve(each.Value));

    private static IEnumerable<JsonElement> ParametersOf(JsonElement holder) =>
        holder.TryGetProperty("parameters", out var parameters) ? parameters.EnumerateArray().Select(Resolve) : [];
}

/// <summary>One operation of the document.</summary>
internal sealed record Operation(string Path, string Method, JsonElement Body, IReadOnlyList<JsonElement> Parameters)
{
    /// <summary>Its answers by status.</summary>
    public IReadOnlyDictionary<string, JsonElement> Responses { get; } = ApiDocument.ResponsesOf(Body);

    public IEnumerable<string> ParametersIn(string place) =>
        from parameter in Parameters
        where parameter.GetProperty("in").GetString() == place
        select parameter.GetProperty("name").GetString()!;

    public override string ToString() => $"{Method.ToUpperInvariant()} {Path}";
}
