using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Serverless.Functions.Http;

namespace Serverless.Documents.OpenApi;

/// <summary>Writes the schemas of wire types and parameters. That of <c>LoginBody</c> is <c>Login</c>, under
/// <c>components/schemas</c>.</summary>
internal sealed class SchemaWriter(JsonObject schemas)
{
    // What the app reads is less deep than what it writes.
    private static readonly JsonSerializerOptions Options = new(WireJson.Default.Options) { MaxDepth = 16 };

    /// <summary>Returns a reference to the schema of a type, and writes that with all that it refers to.</summary>
    public JsonObject Reference(Type type)
    {
        var name = type.Name[..^"Body".Length];
        if (!schemas.ContainsKey(name))
        {
            schemas[name] = null; // A type may contain itself.
            schemas[name] = Options.GetTypeInfo(type).GetJsonSchemaAsNode(
                new() { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Transform });
        }

        return Reference(name);
    }

    public static JsonObject Reference(string name) => new() { ["$ref"] = $"#/components/schemas/{name}" };

    public static JsonObject Of(ParameterInfo parameter) =>
        Constrain(new() { ["type"] = "string" }, parameter.GetCustomAttributes(inherit: true));

    public static JsonObject Of(QueryAttribute query)
    {
        var isNumber = query.Type == typeof(int) || query.Type == typeof(long);
        var schema = new JsonObject { ["type"] = query.Type == typeof(bool) ? "boolean" : isNumber ? "integer" : "string" };
        if (query.Type == typeof(DateTimeOffset))
            schema["format"] = "date-time";
        if (query.Pattern is not null)
            schema["pattern"] = query.Pattern;
        if (query.NamesOf is not null)
            schema["enum"] = NamesOf(query.NamesOf);
        if (query.Value is not null)
            schema["const"] = query.Value;
        if (isNumber)
            (schema["minimum"], schema["maximum"]) = (query.Minimum, query.Maximum);
        if (query.Default is { } usual)
            schema["default"] = JsonSerializer.SerializeToNode(usual);
        return schema;
    }

    private JsonObject Transform(JsonSchemaExporterContext context, JsonNode exported)
    {
        var type = context.TypeInfo;
        if (type.Kind == JsonTypeInfoKind.Object)
            return context.Path.IsEmpty ? Complete((JsonObject)exported, type) : Reference(type.Type);
        // JSON that passes through is an object.
        if ((Nullable.GetUnderlyingType(type.Type) ?? type.Type) == typeof(JsonElement))
            exported = new JsonObject { ["type"] = "object" };
        // The exporter can't see into the converter of times.
        var schema = exported as JsonObject ?? new() { ["type"] = "string", ["format"] = "date-time" };
        if (Nullable.GetUnderlyingType(type.Type) == typeof(DateTimeOffset))
            schema["type"] = new JsonArray("string", "null");
        if (context.PropertyInfo is not { } property)
            return schema;
        if (IsLeftOut(property) && schema["type"] is JsonArray types)
            schema["type"] = types[0]!.DeepClone();
        // No number of this service is negative.
        if (schema["type"]!.ToJsonString().Contains("integer", StringComparison.Ordinal))
            schema["minimum"] = 0;
        return Constrain(schema, AttributesOf(property));
    }

    private static JsonObject Complete(JsonObject schema, JsonTypeInfo type)
    {
        var isRequest = type.Type.Name.EndsWith("RequestBody", StringComparison.Ordinal);
        foreach (var derived in type.Properties.Where(property => isRequest && property.AssociatedParameter is null))
            schema["properties"]!.AsObject().Remove(derived.Name);
        var required = type.Properties
            .Where(property => isRequest ? AttributesOf(property).OfType<RequiredAttribute>().Any() : !IsLeftOut(property))
            .Select(property => (JsonNode)property.Name).ToArray();
        schema.Remove("required");
        if (required.Length > 0)
            schema["required"] = new JsonArray(required);
        return Constrain(schema, type.Type.GetCustomAttributes(inherit: true));
    }

    private static JsonObject Constrain(JsonObject schema, IEnumerable<object> attributes)
    {
        var items = schema["items"] as JsonObject;
        foreach (var (keyword, value) in attributes.SelectMany(attribute => KeywordsOf(attribute, items is not null)))
            (keyword == "pattern" ? items ?? schema : schema)[keyword] = value;
        return schema;
    }

    private static (string Keyword, JsonNode? Value)[] KeywordsOf(object attribute, bool isList) => attribute switch
    {
        DescriptionAttribute { Description: var text } => [("description", text)],
        MinLengthAttribute { Length: var length } => [("minLength", length)],
        MaxLengthAttribute { Length: var length } => [(isList ? "maxItems" : "maxLength", length)],
        LengthAttribute { MinimumLength: var least, MaximumLength: var most } => [("minLength", least), ("maxLength", most)],
        RangeAttribute { Minimum: int least, Maximum: int.MaxValue } => [("minimum", least)],
        RangeAttribute { Minimum: int least, Maximum: int most } => [("minimum", least), ("maximum", most)],
        RegularExpressionAttribute { Pattern: var pattern } => [("pattern", pattern)],
        AllowedValuesAttribute { Values: [var value] } => [("const", JsonSerializer.SerializeToNode(value))],
        AllowedValuesAttribute { Values: var values } => [("enum", JsonSerializer.SerializeToNode(values))],
        UrlAttribute => [("format", "uri")],
        DistinctAttribute => [("uniqueItems", true)],
        NotEmptyAttribute => [("minProperties", 1)],
        NamesOfAttribute { Type: var type, IsOpen: var isOpen } => [(isOpen ? "examples" : "enum", NamesOf(type))],
        _ => [],
    };

    private static JsonArray NamesOf(Type type) => new([.. type.IsEnum
        ? type.GetEnumNames().Select(name => (JsonNode)JsonNamingPolicy.SnakeCaseLower.ConvertName(name))
        : type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (JsonNode)field.GetValue(null)!.ToString()!)]);

    private static bool IsLeftOut(JsonPropertyInfo property) =>
        AttributesOf(property).OfType<JsonIgnoreAttribute>().Any(ignore => ignore.Condition == JsonIgnoreCondition.WhenWritingNull);

    // The attributes of a record's property are on its constructor parameter, unless they have the target `property:`.
    private static IEnumerable<object> AttributesOf(JsonPropertyInfo property) =>
        new[] { property.AttributeProvider, property.AssociatedParameter?.AttributeProvider }
            .SelectMany(provider => provider?.GetCustomAttributes(inherit: true) ?? []);
}
