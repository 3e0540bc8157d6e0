using Json.Schema;

namespace EndToEnd.Tests.Client;

/// <summary>Stricter than openapi.json: no undeclared property, no empty text, times as <c>toISOString</c> writes them.</summary>
internal static class StrictSchema
{
    private static readonly EvaluationOptions Options = new() { OutputFormat = OutputFormat.List, RequireFormatValidation = true };
    private static readonly JsonNode Definitions = Tighten(JsonNode.Parse(ApiDocument.Components("schemas").GetRawText())!);
    private static readonly ConcurrentDictionary<string, Lazy<JsonSchema>> Schemas = [];
    private static readonly Lock Building = new();

    public static IEnumerable<string> Differences(JsonElement schema, JsonElement value) =>
        from result in Schemas.GetOrAdd(schema.GetRawText(), text => new(() => Build(text))).Value.Evaluate(value, Options).Details ?? []
        from error in result.Errors ?? []
        select $"{result.InstanceLocation}: {error.Value}";

    private static JsonSchema Build(string text)
    {
        var schema = new JsonObject { ["$defs"] = Definitions.DeepClone(), ["allOf"] = new JsonArray(Tighten(JsonNode.Parse(text)!)) };
        // The library keeps what it builds in a registry for the whole process.
        lock (Building)
            return JsonSchema.FromText(schema.ToJsonString().Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal));
    }

    private static JsonNode Tighten(JsonNode schema)
    {
        foreach (var part in (schema as JsonObject)?.Select(each => each.Value).ToList() ?? [.. schema as JsonArray ?? []])
        {
            if (part is not null)
                Tighten(part);
        }

        if (schema is not JsonObject keywords || keywords["type"] is not { } type || type is JsonObject)
            return schema;
        if (keywords["properties"] is JsonObject)
            keywords["additionalProperties"] = false;
        if (type.ToJsonString().Contains("string", StringComparison.Ordinal))
            keywords.TryAdd("minLength", 1);
        if (keywords["format"]?.GetValue<string>() == "date-time")
            keywords["pattern"] = @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$";
        return schema;
    }
}
