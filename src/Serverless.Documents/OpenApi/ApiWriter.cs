using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Serverless.Functions.Http;
using Serverless.Functions.Timeline;

namespace Serverless.Documents.OpenApi;

/// <summary>Writes openapi.json: outline.json, with the operations of all functions.</summary>
/// <param name="headers">Those for a kind of caching or a status.</param>
internal sealed class ApiWriter(JsonObject document, JsonObject headers)
{
    internal static readonly JsonSerializerOptions Format =
        new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly string[] FileTypes = ["text/javascript", "text/css", "image/svg+xml"];

    private readonly JsonObject _responses = [];
    private readonly SchemaWriter _schemas = new(document["components"]!["schemas"]!.AsObject());

    public static string Write()
    {
        using var outline = typeof(ApiWriter).Assembly.GetManifestResourceStream("outline.json")!;
        var document = JsonNode.Parse(outline)!.AsObject();
        // Not part of OpenAPI.
        var headers = document["x-headers"]!.AsObject();
        document.Remove("x-headers");
        return new ApiWriter(document, headers).WriteAll();
    }

    private string WriteAll()
    {
        document["components"]!["responses"] = _responses;
        var paths = document["paths"]!.AsObject();
        foreach (var function in ApiFunction.All.OrderBy(function => function.Path, StringComparer.Ordinal))
        {
            if (function.Verbs is null)
            {
                document["x-other-requests"] = new JsonObject
                {
                    ["description"] = function.Operation.Summary, ["responses"] = Responses(function, "get"),
                };
                continue;
            }

            if (!paths.ContainsKey(function.Path))
                paths[function.Path] = new JsonObject();
            foreach (var verb in function.Verbs)
                paths[function.Path]![verb] = Operation(function, verb);
        }

        // The body of the webhook that outline.json describes.
        _schemas.Reference(typeof(SecurityWebhookBody));
        return document.ToJsonString(Format) + "\n";
    }

    private JsonObject Operation(ApiFunction function, string verb)
    {
        var operation = new JsonObject
        {
            ["operationId"] = JsonNamingPolicy.CamelCase.ConvertName(function.Name) + (verb == "head" ? "Headers" : ""),
            ["tags"] = new JsonArray(function.Tag),
            ["summary"] = verb == "head" ? "The headers of GET." : function.Operation.Summary,
        };
        if (verb != "head" && function.Operation.Description is { } description)
            operation["description"] = description;
        operation["security"] = Security(function);
        if (Parameters(function) is { Count: > 0 } parameters)
            operation["parameters"] = parameters;
        if (function.RequestBody is { } body)
        {
            operation["requestBody"] = new JsonObject
            {
                ["required"] = !function.TakesRefreshToken && !function.Operation.BodyIsOptional,
                ["content"] = Content(_schemas.Reference(body), function.Operation.AcceptsType),
            };
        }

        operation["responses"] = Responses(function, verb);
        return operation;
    }

    private static JsonArray Security(ApiFunction function)
    {
        var security = new JsonArray();
        if (function.TakesAccessToken)
            security.Add(new JsonObject { ["bearer"] = function.IsForAdministrators ? new JsonArray("admin") : new JsonArray() });
        if (function.TakesRefreshToken)
        {
            security.Add(new JsonObject { ["refreshCookie"] = new JsonArray() });
            security.Add(new JsonObject());
        }

        return security;
    }

    private static JsonArray Parameters(ApiFunction function)
    {
        string[] headers = function.UsesCookie ? ["origin", "sessionRequest"] : function.Caching == Caching.None ? [] : ["ifNoneMatch"];
        return
        [
            .. function.RouteParameters
                .Select(parameter => Parameter("path", parameter.Name!, isRequired: true, SchemaWriter.Of(parameter))),
            .. function.Query.Select(field => Parameter("query", field.Name, field.Required, SchemaWriter.Of(field), field.Description)),
            .. headers.Select(header => Reference("parameters", header)),
        ];
    }

    private static JsonObject Parameter(string place, string name, bool isRequired, JsonObject schema, string? description = null)
    {
        var parameter = new JsonObject { ["name"] = name, ["in"] = place, ["required"] = isRequired, ["schema"] = schema };
        if (description is not null)
            parameter["description"] = description;
        if ((string?)schema["type"] == "boolean")
            parameter["allowEmptyValue"] = true;
        return parameter;
    }

    private JsonObject Responses(ApiFunction function, string verb)
    {
        var responses = new SortedDictionary<string, JsonNode>(StringComparer.Ordinal);
        foreach (var answer in function.Answers)
        {
            var response = Response(answer.Description, $"{answer.Caching}", function.UsesCookie ? "Cookie" : null);
            responses[Text(answer.Status)] = response;
            if (verb != "head" && ContentOf(answer) is { } content)
                response["content"] = content;
        }

        if (function.Caching != Caching.None)
            responses["304"] = Response("The copy with the ETag of If-None-Match is still current.", $"{function.Caching}");
        if (function.Caching == Caching.Page)
            responses["308"] = Response("Redirects from the address with a trailing slash to the one without.", "None", "308");
        foreach (var problems in function.Problems.GroupBy(problem => (int)problem.Status))
        {
            var clearsCookie = problems.Key == 401 && function.TakesRefreshToken;
            responses[Text(problems.Key)] = Refusal(problems.Key, [.. problems], clearsCookie);
        }

        return new(responses.Select(each => KeyValuePair.Create(each.Key, (JsonNode?)each.Value)));
    }

    private JsonObject? ContentOf(AnswersAttribute answer) => answer switch
    {
        { Body: { } body } => Content(_schemas.Reference(body), answer.ContentType),
        { Schema: { } schema } => Content(SchemaWriter.Reference(schema), answer.ContentType),
        { Caching: Caching.Page } => Content(new() { ["type"] = "string" }, "text/html"),
        { Caching: Caching.PageFile or Caching.PageFileOrWorker } => Content(new() { ["type"] = "string" }, FileTypes),
        _ => null,
    };

    // One response for each set of codes, shared by all functions.
    private JsonObject Refusal(int status, IReadOnlyList<ProblemCode> codes, bool clearsCookie)
    {
        var name = string.Join('.', codes.Select(code => code.Name)) + (clearsCookie ? ".cookie" : "");
        if (!_responses.ContainsKey(name))
        {
            var description = string.Join(' ', codes.Select(code => codes.Count > 1 ? $"`{code.Name}`: {code.Title}." : $"{code.Title}."));
            var response = Response(description, "None", Text(status), clearsCookie ? "Cookie" : null);
            response["content"] = Content(new()
            {
                ["allOf"] = new JsonArray(_schemas.Reference(typeof(ProblemBody)), new JsonObject
                {
                    ["properties"] = new JsonObject
                    {
                        ["status"] = new JsonObject { ["const"] = status },
                        ["code"] = new JsonObject { ["enum"] = new JsonArray([.. codes.Select(code => (JsonNode)code.Name)]) },
                    },
                }),
            }, "application/problem+json");
            _responses[name] = response;
        }

        return Reference("responses", name);
    }

    private JsonObject Response(string description, params IEnumerable<string?> kinds) => new()
    {
        ["description"] = description,
        ["headers"] = new JsonObject(kinds.Prepend("All").Where(kind => kind is not null && headers.ContainsKey(kind))
            .SelectMany(kind => headers[kind!]!.AsObject())
            .Select(header => KeyValuePair.Create(header.Key, (JsonNode?)Reference("headers", (string)header.Value!)))),
    };

    private static JsonObject Content(JsonObject schema, params IEnumerable<string> types) =>
        new(types.Select(type => KeyValuePair.Create(type, (JsonNode?)new JsonObject { ["schema"] = schema.DeepClone() })));

    private static JsonObject Reference(string kind, string name) => new() { ["$ref"] = $"#/components/{kind}/{name}" };

    private static string Text(int status) => status.ToString(CultureInfo.InvariantCulture);
}
