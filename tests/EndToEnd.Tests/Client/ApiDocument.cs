namespace EndToEnd.Tests.Client;

internal static class ApiDocument
{
    public static string File { get; } = Path.Combine(RepositoryRoot.Path, "src/Serverless.Functions/Http/openapi.json");

    public static JsonElement Root { get; } = JsonDocument.Parse(
        System.IO.File.ReadAllText(File), new JsonDocumentOptions { AllowDuplicateProperties = false }).RootElement;

    public static IReadOnlyList<ApiOperation> Operations { get; } =
    [
        .. from path in Root.GetProperty("paths").EnumerateObject()
           from operation in path.Value.EnumerateObject()
           select new ApiOperation(path.Name, operation.Name, operation.Value, [.. ParametersOf(operation.Value)]),
    ];

    /// <summary>Without HEAD, which every GET answers.</summary>
    public static IReadOnlyList<ApiOperation> Routes { get; } = [.. Operations.Where(each => each.Method != "head")];

    /// <summary>What every other address and method answers, by status.</summary>
    public static IReadOnlyDictionary<string, JsonElement> OtherResponses { get; } =
        ResponsesOf(Root.GetProperty("x-other-requests"));

    public static JsonElement Components(string kind) => Root.GetProperty("components").GetProperty(kind);
    public static JsonElement Schema(string name) => Components("schemas").GetProperty(name);
    public static ApiOperation Route(string name) => Routes.Single(each => each.ToString() == name);

    public static JsonElement Resolve(JsonElement element) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty("$ref", out var reference)
            ? reference.GetString()!.Split('/').Skip(1).Aggregate(Root, (found, step) => found.GetProperty(step))
            : element;

    internal static Dictionary<string, JsonElement> ResponsesOf(JsonElement holder) =>
        holder.GetProperty("responses").EnumerateObject().ToDictionary(each => each.Name, each => Resolve(each.Value));

    private static IEnumerable<JsonElement> ParametersOf(JsonElement holder) =>
        holder.TryGetProperty("parameters", out var parameters) ? parameters.EnumerateArray().Select(Resolve) : [];
}

internal sealed record ApiOperation(string Path, string Method, JsonElement Body, IReadOnlyList<JsonElement> Parameters)
{
    public IReadOnlyDictionary<string, JsonElement> Responses { get; } = ApiDocument.ResponsesOf(Body);

    public HttpMethod Verb => new(Method.ToUpperInvariant());
    public bool IsForAdministrators => Path.StartsWith("/admin/", StringComparison.Ordinal);
    public bool TakesBody => Body.TryGetProperty("requestBody", out _);
    public bool TakesJson => TakesBody && Body.GetProperty("requestBody").GetProperty("content").TryGetProperty("application/json", out _);

    /// <summary>Of each way to say who calls.</summary>
    public IReadOnlyList<string> Schemes =>
        [.. Body.Items("security").SelectMany(requirement => requirement.EnumerateObject()).Select(scheme => scheme.Name)];

    public IEnumerable<string> ParametersIn(string place) =>
        from parameter in Parameters
        where parameter.GetProperty("in").GetString() == place
        select parameter.GetProperty("name").GetString()!;

    public override string ToString() => $"{Method.ToUpperInvariant()} {Path}";
}
