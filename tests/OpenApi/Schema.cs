using System.Text.Json;
using System.Text.RegularExpressions;

namespace Serverless.Testing.OpenApi;

/// <summary>
/// Compares values with schemas: as much of JSON Schema 2020-12 as openapi.json uses, and stricter, since a property that no
/// schema names is a difference. It refuses keywords that it doesn't know.
/// </summary>
internal static class Schema
{
    public static IEnumerable<string> Differences(JsonElement schema, JsonElement value, string path = "$") =>
        Violations(schema, value, path).Concat(Undeclared(schema, value, path));

    /// <summary>The types that a schema allows.</summary>
    public static IReadOnlyList<string> TypesOf(JsonElement schema) => schema.GetProperty("type") is { ValueKind: JsonValueKind.Array } several
        ? [.. several.EnumerateArray().Select(type => type.GetString()!)]
        : [schema.GetProperty("type").GetString()!];

    public static IEnumerable<string> RequiredBy(JsonElement schema) =>
        schema.TryGetProperty("required", out var required) ? required.EnumerateArray().Select(name => name.GetString()!) : [];

    private static IEnumerable<string> Violations(JsonElement schema, JsonElement value, string path) =>
        schema.EnumerateObject().SelectMany(rule => rule.Name switch
        {
            "$ref" => Violations(ApiDocument.Resolve(schema), value, path),
            "allOf" => rule.Value.EnumerateArray().SelectMany(each => Violations(each, value, path)),
            "properties" when value.ValueKind == JsonValueKind.Object =>
                from property in rule.Value.EnumerateObject()
                where value.TryGetProperty(property.Name, out _)
                from difference in Differences(property.Value, value.GetProperty(property.Name), $"{path}.{property.Name}")
                select difference,
            "required" when value.ValueKind == JsonValueKind.Object =>
                from name in RequiredBy(schema)
                where !value.TryGetProperty(name, out _)
                select $"{path}.{name} is missing",
            "items" when value.ValueKind == JsonValueKind.Array =>
                value.EnumerateArray().SelectMany((item, i) => Differences(rule.Value, item, $"{path}[{i}]")),
            "prefixItems" when value.ValueKind == JsonValueKind.Array =>
                value.EnumerateArray().Zip(rule.Value.EnumerateArray()).SelectMany((pair, i) =>
                    Differences(pair.Second, pair.First, $"{path}[{i}]")),
            "properties" or "required" or "items" or "prefixItems" => [],
            _ => Fits(rule, schema, value) ? [] : [$"{path} is {value}, against {rule}"],
        });

    private static bool Fits(JsonProperty rule, JsonElement schema, JsonElement value) => rule.Name switch
    {
        "description" or "examples" or "default" or "contentMediaType" or "contentSchema" => true,
        "type" => TypesOf(schema).Any(type => IsOf(type, value)),
        "const" => JsonElement.DeepEquals(rule.Value, value),
        "enum" => rule.Value.EnumerateArray().Any(each => JsonElement.DeepEquals(each, value)),
        "pattern" => !IsText(value) || Regex.IsMatch(value.GetString()!, rule.Value.GetString()!, RegexOptions.ECMAScript),
        "format" => !IsText(value) || IsOfFormat(rule.Value.GetString()!, value.GetString()!),
        "minLength" => !IsText(value) || value.GetString()!.Length >= rule.Value.GetInt32(),
        "maxLength" => !IsText(value) || value.GetString()!.Length <= rule.Value.GetInt32(),
        "minimum" => value.ValueKind != JsonValueKind.Number || value.GetInt64() >= rule.Value.GetInt64(),
        "maximum" => value.ValueKind != JsonValueKind.Number || value.GetInt64() <= rule.Value.GetInt64(),
        "maxItems" => value.ValueKind != JsonValueKind.Array || value.GetArrayLength() <= rule.Value.GetInt32(),
        "uniqueItems" => value.ValueKind != JsonValueKind.Array
            || value.EnumerateArray().Select(item => item.GetRawText()).Distinct().Count() == value.GetArrayLength(),
        "minProperties" => value.ValueKind != JsonValueKind.Object || value.EnumerateObject().Count() >= rule.Value.GetInt32(),
        _ => throw new NotSupportedException($"The keyword {rule.Name}."),
    };

    private static bool IsText(JsonElement value) => value.ValueKind == JsonValueKind.String;

    private static bool IsOf(string type, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => type == "object",
        JsonValueKind.Array => type == "array",
        JsonValueKind.String => type == "string",
        JsonValueKind.Number => type == "number" || (type == "integer" && value.TryGetInt64(out _)),
        JsonValueKind.True or JsonValueKind.False => type == "boolean",
        _ => type == "null",
    };

    private static bool IsOfFormat(string format, string text) => format switch
    {
        "date-time" => text.EndsWith('Z') && DateTimeOffset.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out _),
        "uri" => Uri.TryCreate(text, UriKind.Absolute, out _),
        _ => throw new NotSupportedException($"The format {format}."),
    };

    private static IEnumerable<string> Undeclared(JsonElement schema, JsonElement value, string path)
    {
        var declared = DeclaredBy(schema).ToHashSet();
        return value.ValueKind != JsonValueKind.Object || declared.Count == 0
            ? []
            : value.EnumerateObject().Where(property => !declared.Contains(property.Name)).Select(property => $"{path}.{property.Name} isn't declared");
    }

    private static IEnumerable<string> DeclaredBy(JsonElement schema) => schema.EnumerateObject().SelectMany(rule => rule.Name switch
    {
        "$ref" => DeclaredBy(ApiDocument.Resolve(schema)),
        "allOf" => rule.Value.EnumerateArray().SelectMany(DeclaredBy),
        "properties" => rule.Value.EnumerateObject().Select(property => property.Name),
        _ => [],
    });
}
